// How a model came about, for the record that it keeps: when, by which version and call, from which data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hillock/data.h"
#include "hillock/table.h"

namespace hillock {

struct LoadedSplits;

struct Origin {
  std::string command;              // TableOptions::command
  std::optional<Fingerprint> file;  // none for rows from memory, a directory or a built-in set
  std::int64_t rows = 0, columns = 0;
  // What decided which rows were set aside; `validation` and `test` are a fraction, the path of a file, or "own rows".
  std::string validation, test, group, time;
  std::int64_t folds = 0;
  std::string weights;
  std::vector<std::string> drop;
};

// Before the splits are prepared, which takes their rows away.
Origin origin_of(const TableOptions& options, const LoadedSplits& loaded);

// The time in UTC, "2026-11-28T21:50:00Z": now, or that of the environment variable SOURCE_DATE_EPOCH (seconds since
// 1970), by which a file can be made again to the byte. Throws Error if the variable is no such number.
std::string date_of_making();

}  // namespace hillock

// The options that describe how a table is written, the same for every command that reads one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arguments/arguments.h"
#include "hillock/data.h"

namespace hillock::program {

struct ReadingArguments {
  std::optional<std::string> header, delimiter, quote, decimal, thousands, dates, comment, encoding, table, query;
  std::optional<std::int64_t> skip, skip_end;
  std::vector<std::string> missing_tokens, added_missing_tokens, coerce, allow_unseen;
};

// Adds the options to a command; `arguments` must outlive it.
void describe_reading(Arguments& options, ReadingArguments& arguments);

// Overrides `options` by what was given. Throws Error for an invalid delimiter or decimal mark.
void apply_reading(const ReadingArguments& arguments, const std::string& command, ReadOptions& options);

}  // namespace hillock::program

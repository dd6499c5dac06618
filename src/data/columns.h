// Decides which columns of a source are features and which are targets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// coerced: numeric, and its texts are missing cells.
enum class ColumnKind : std::uint8_t { open, numeric, categorical, coerced };

struct ChosenColumns {
  std::vector<std::size_t> features;        // by position in the source, in the order of `names`
  std::vector<std::string> names;           // the features' names
  std::vector<ColumnKind> kinds;            // the features': open unless the options say
  std::vector<std::size_t> targets;         // likewise
  std::vector<ColumnKind> target_kinds;     // of each
  std::vector<std::size_t> unread_targets;  // that are there and not asked for
  std::optional<std::size_t> weights, group, time;
};

// "c1", "c2", …, "c<count>".
std::vector<std::string> numbered_names(std::size_t count, std::string_view before = "c");

// The columns that ReadOptions::target may name: the whole text, or the names between its commas.
std::vector<std::string> split_targets(const std::string& target);

// Chooses as ReadOptions says. `named` tells whether the names come from the source; otherwise they are those of
// numbered_names. Throws Error if the target or an expected column is missing.
ChosenColumns choose_columns(std::span<const std::string> names, bool named, const ReadOptions& options,
                             std::string_view where);

// The role of each column. Columns that were not chosen are the ones that --drop names.
std::vector<ReadColumn> read_columns(std::span<const std::string> names, const ChosenColumns& chosen);

}  // namespace hillock

// Turns the cells of target columns into classes or numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/cells.h"
#include "hillock/data.h"

namespace hillock {

// A target column as read: texts with their line numbers (from a table), or numbers (from a binary array).
struct TargetCells {
  std::string name;
  std::vector<std::string_view> texts;  // one per row, or empty
  std::vector<std::int64_t> lines;      // one per row, or empty
  std::vector<double> numbers;          // one per row if there are no texts
  CellRules rules{};                    // how the texts are read
  bool coerce = false;                  // texts that are no numbers are missing cells
};

struct TargetsRead {
  // Whether a regression's targets are f32 and may lie too close together for it (float_precision.h).
  bool may_lose_differences = false;
  // The rows that lack a target, ascending. The dataset's targets are those of the other rows.
  std::vector<std::size_t> missing{};
};

// Decides the task as ReadOptions says, and sets task, target, target_names, targets and classes of `dataset`. Several
// targets must all be numbers. Decisions that a user may want to overrule are added to `notes`. Rows without
// a target are left out, with a note, unless ReadOptions::missing refuses them; the caller leaves them out of
// everything else (rows_without). Throws Error for infinite, mixed or constant targets, and for labels that are not
// among the expected classes.
TargetsRead set_targets(Dataset& dataset, std::span<const TargetCells> cells, const ReadOptions& options,
                        std::string_view where, std::vector<std::string>& notes);

// The numbers from 0 to count − 1 without those of `left_out`, which are ascending.
std::vector<std::int64_t> rows_without(std::size_t count, std::span<const std::size_t> left_out);

}  // namespace hillock

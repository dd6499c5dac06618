// From the cells of target columns to classes or numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/cells.h"
#include "hillock/data.h"

namespace hillock {

// A target column as read: texts with the lines on which they stand (a table), or numbers (a binary array).
struct TargetCells {
  std::string name;
  std::vector<std::string_view> texts;  // one a row, or none
  std::vector<std::int64_t> lines;      // one a row, or none
  std::vector<double> numbers;          // one a row where there are no texts
  CellRules rules{};                    // how the texts are read
};

// Decides the task as ReadOptions says, and fills in task, target, target_names, targets and classes of `dataset`; of
// several targets all have to be numbers. Decisions that a user may want to overrule are added to `notes`. Throws Error
// for missing, infinite, mixed or constant targets and labels that are none of the expected classes.
// Returns whether a regression's numbers are f32 and may lie too close together for it (float_precision.h).
bool set_targets(Dataset& dataset, std::span<const TargetCells> cells, const ReadOptions& options,
                 std::string_view where, std::vector<std::string>& notes);

}  // namespace hillock

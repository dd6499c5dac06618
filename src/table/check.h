// Whether options and rows that a caller gives make sense: what the program's options and load_data see to otherwise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hillock/table.h"

namespace hillock {

// Throws Error for what is wrong whatever the data, which may be large to read: numbers outside their range, a network
// that cannot be parsed, restarts without a target loss.
void check_options(const TableOptions& options);

// Throws Error if the options say how a file is read.
void require_no_reading(const TableOptions& options);

// Throws Error if the dataset contradicts itself: shapes, numbers of classes and categories, cells that are infinite.
void require_consistent(const Dataset& data, std::string_view where);

// Gives what is nameless a name, and rows the type that they would have been read with for a network of `dtype`; then
// throws Error if the splits contradict themselves or each other.
void complete(TableSplits& data, DType dtype, std::vector<std::string>& notes);

}  // namespace hillock

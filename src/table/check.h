// Checks options and rows that a caller passes in memory. For the program, the parser of options and load_data have
// checked them already.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hillock/table.h"

namespace hillock {

// Throws Error for options that are wrong for any data, before data are read, which may take long: numbers out of
// range, a network that cannot be parsed, restarts without a target loss.
void check_options(const TableOptions& options);

// Throws Error if options are set that only concern reading a file.
void require_no_reading(const TableOptions& options);

// Throws Error if the dataset contradicts itself: its shapes, numbers of classes or categories outside their range,
// infinite cells.
void require_consistent(const Dataset& data, std::string_view where);

// Names what has no name, and converts rows to the type in which they would have been read for a network of `dtype`.
// Then throws Error if the splits contradict themselves or each other.
void complete(TableSplits& data, DType dtype, std::vector<std::string>& notes);

}  // namespace hillock

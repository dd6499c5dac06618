// Checks that the members of a dataset, which a caller may have filled in by hand, agree with each other.
#pragma once

#include <string_view>

#include "hillock/data.h"

namespace hillock {

// Throws Error unless features are floats [rows, columns], targets, weights, groups and times, where present, have an
// entry for each row, and class labels are valid class numbers. `where` begins the message.
void require_rows_fit(std::string_view where, const Dataset& dataset);
// Checks the same, and that every column has a name and holds numbers or, if it is categorical, category numbers. The
// number of categories stands for an unknown category, and NaN for a missing cell.
void require_columns_fit(std::string_view where, const Dataset& dataset);

}  // namespace hillock

// Whether the parts of a dataset that a caller may have made by hand fit together.
#pragma once

#include <string_view>

#include "hillock/data.h"

namespace hillock {

// Throws Error unless features are floats [rows, columns] and targets, weights, groups and times, where there are any,
// have an entry for each row; class labels are numbers of classes. `where` opens the message.
void require_rows_fit(std::string_view where, const Dataset& dataset);
// The same, and that every column has a name and holds numbers of its categories, or of none (their count), or NaN.
void require_columns_fit(std::string_view where, const Dataset& dataset);

}  // namespace hillock

// What a user may want to say of a column that the data alone cannot tell.
#pragma once

#include <span>

#include "hillock/columns.h"
#include "hillock/data.h"

namespace hillock {

// Fills in ColumnAccount::suggestion of features of `train`:
// - a repeated id (its name says so, and its values come again): --group, so that rows of one patient or site do not
//   stand on both sides of a split;
// - whole numbers that look like codes (the target's means by value vary far more than a parabola through them):
//   --categorical.
void suggest_for_columns(std::span<ColumnAccount> columns, const Dataset& train);

}  // namespace hillock

// Checks the weights of rows and their use by a loss.
#pragma once

#include "hillock/row_weights.h"
#include "hillock/step.h"

namespace hillock {

// Checks the types only; require_weights also checks the values.
void require_weight_type(const RowTypes& types, DType dtype, std::string_view where);
// Throws Error unless `loss` depends on `weights`. Otherwise a user's loss that ignores them would silently give all
// rows the same weight.
void require_weighted(const Graph& graph, Value loss, Value weights);

}  // namespace hillock

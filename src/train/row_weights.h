// What a loss does with the weights of rows.
#pragma once

#include "hillock/row_weights.h"
#include "hillock/step.h"

namespace hillock {

// The part of require_weights that looks at types alone.
void require_weight_type(const RowTypes& types, DType dtype, std::string_view where);
// Throws Error unless `loss` depends on `weights`: a loss of the user's own that ignores them would train on rows that
// all count alike without a word.
void require_weighted(const Graph& graph, Value loss, Value weights);

}  // namespace hillock

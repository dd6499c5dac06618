// What a loss does with the weights of rows.
#pragma once

#include "hillock/row_weights.h"
#include "hillock/step.h"

namespace hillock {

// Throws Error unless `loss` depends on `weights`: a loss of the user's own that ignores them would train on rows that
// all count alike without a word.
void require_weighted(const Graph& graph, Value loss, Value weights);

}  // namespace hillock

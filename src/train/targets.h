// Converts targets for a loss: class labels become 0/1 or one-hot rows, and numbers stay as they are.
#pragma once

#include "hillock/graph.h"

namespace hillock {

// `targets` is i32 [batch] with a range, or `dtype` [batch, outputs]. Returns [batch, outputs] of `dtype`: with one
// output the label itself, with several its one-hot row. Throws Error if labels and outputs do not fit.
Value target_values(Graph& graph, Value targets, DType dtype, std::int64_t outputs);

}  // namespace hillock

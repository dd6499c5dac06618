// Reverse-mode automatic differentiation: gradients are nodes of the same graph.
#pragma once

#include <span>
#include <vector>

#include "hillock/graph.h"

namespace hillock {

// Appends to `graph` the nodes that compute d(of)/d(wrt[i]) for every i and returns them in order; the gradient with
// respect to a value that `of` does not depend on is zero. The results may be differentiated again. `of` must be a
// scalar (shape []) of a float type, and each `wrt` a value of a float type that is not a constant; throws Error
// otherwise. This is backpropagation (Rumelhart, Hinton & Williams 1986).
std::vector<Value> gradients(Graph& graph, Value of, std::span<const Value> wrt);

}  // namespace hillock

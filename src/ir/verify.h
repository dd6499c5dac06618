// Checks a graph between stages: what every pass may rely on.
#pragma once

#include "hillock/graph.h"

namespace hillock {

// Throws std::logic_error (a bug of Hillock's or of a registered op, not of the user) naming the first node at which
// the graph is not well formed: operands come earlier, recorded types are what the type rule gives, every computing op
// can run in exactly one way, each state is assigned at most once and by a value of its type.
void verify(const Graph& graph);

}  // namespace hillock

// Checks a graph between stages for what every pass relies on.
#pragma once

#include "hillock/graph.h"

namespace hillock {

// Throws std::logic_error (a bug in Hillock or in a registered op, not the user's) that names the first malformed node.
// Operands must come earlier, recorded types must equal the type rule's, every computing op must run in exactly one
// way, and each state may be assigned once at most, by a value of its type.
void verify(const Graph& graph);

}  // namespace hillock

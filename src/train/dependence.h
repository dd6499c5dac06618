// Whether one value of a graph is computed from another.
#pragma once

#include "hillock/graph.h"

namespace hillock {

// Also true for a value and itself.
bool depends_on(const Graph& graph, Value result, Value on);

}  // namespace hillock

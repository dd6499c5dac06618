// Walks once from the result back to everything that it may depend on.
#include "train/dependence.h"

#include <vector>

namespace hillock {

bool depends_on(const Graph& graph, Value result, Value on) {
  std::vector<bool> needed(static_cast<std::size_t>(graph.size()));
  needed[static_cast<std::size_t>(result.node)] = true;
  for (NodeId id = result.node; id > on.node; --id) {
    if (!needed[static_cast<std::size_t>(id)]) continue;
    for (const Value in : graph.node(id).inputs) needed[static_cast<std::size_t>(in.node)] = true;
  }
  return needed[static_cast<std::size_t>(on.node)];
}

}  // namespace hillock

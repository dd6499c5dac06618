// Checks an operand before an op is applied to it.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "hillock/error.h"
#include "hillock/graph.h"
#include "ops/constant/constant.h"

namespace hillock {

// The type of `x`. Throws Error if it is not a value of `graph`, which Graph::type does not check.
inline const TensorType& type_of(const Graph& graph, Value x, std::string_view where) {
  if (x.node < 0 || x.node >= graph.size() || x.output < 0 ||
      static_cast<std::size_t>(x.output) >= graph.node(x.node).outputs.size()) {
    throw Error(
        fmt::format("{}: the operand is not a value of this graph; pass values that this graph returned", where));
  }
  return graph.type(x);
}

// The value of every element if `x` is a constant. What depends on constants alone is computed when it is
// described.
inline std::optional<double> constant_value(const Graph& graph, Value x) {
  const Node& node = graph.node(x.node);
  return node.op == &constant_op() ? std::optional(node.attributes.real("value")) : std::nullopt;
}

}  // namespace hillock

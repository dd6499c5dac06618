#include "ops/pointwise_op.h"

#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/ops.h"
#include "ops/operand.h"
#include "ops/type_rule.h"

namespace hillock {

std::vector<TensorType> pointwise_types(std::string_view op, const OpSignature& signature, std::size_t operands) {
  require_operands(op, signature, operands);
  const TensorType& first = signature.in[0];
  for (const TensorType& type : signature.in) {
    require_float(op, type);
    if (type.dtype != first.dtype) {
      throw Error(fmt::format("{}: the operands are {} and {}; give all the same dtype, with cast()", op,
                              first.to_string(), type.to_string()));
    }
    if (type.shape != first.shape) {
      throw Error(fmt::format("{}: the operands are {} and {}; give all the same shape, with broadcast()", op,
                              first.to_string(), type.to_string()));
    }
  }
  return {{first.dtype, first.shape, {}}};
}

Value constant_like(Graph& graph, Value like, double value) {
  const TensorType& type = type_of(graph, like, "constant");
  return ops::constant(graph, type.dtype, type.shape, value);
}

Value kink_at_zero(Graph& graph, NodeId node) { return graph.node(node).inputs[0]; }

Value kink_where_equal(Graph& graph, NodeId node) {
  const Value x = graph.node(node).inputs[0];
  const Value y = graph.node(node).inputs[1];
  return ops::subtract(graph, x, y);
}

}  // namespace hillock

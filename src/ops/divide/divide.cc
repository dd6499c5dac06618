// divide: x / y.
#include "ops/divide/divide.h"

#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("divide", signature, 2); }

// z = x / y: dx = dz / y, dy = -dz x / y^2 = -dx z.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value y = graph.node(id).inputs[1];
  const Value dx = ops::divide(graph, dout[0], y);
  return {dx, ops::negate(graph, ops::multiply(graph, dx, {id, 0}))};
}

void reference(const ReferenceCall& call) {
  map_reference<2>(call, [](auto x, auto y) { return x / y; });
}

}  // namespace

const Op& divide_op() {
  static const Op op{.name = "divide",
                     .summary = "x / y",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &divide_pointwise()};
  return op;
}

}  // namespace hillock

// multiply: x y.
#include "ops/multiply/multiply.h"

#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("multiply", signature, 2); }

// z = x y: dx = dz y, dy = dz x.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value x = graph.node(id).inputs[0];
  const Value y = graph.node(id).inputs[1];
  return {ops::multiply(graph, dout[0], y), ops::multiply(graph, dout[0], x)};
}

void reference(const ReferenceCall& call) {
  map_reference<2>(call, [](auto x, auto y) { return x * y; });
}

}  // namespace

const Op& multiply_op() {
  static const Op op{.name = "multiply",
                     .summary = "x y",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &multiply_pointwise()};
  return op;
}

}  // namespace hillock

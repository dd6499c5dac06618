// sin: The sine of an angle in radians.
#include "ops/sin/sin.h"

#include "core/math.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("sin", signature, 1); }

// y = sin x: dx = dy cos x.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value in = graph.node(id).inputs[0];
  return {ops::multiply(graph, dout[0], ops::cos(graph, in))};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return math::sin(x); });
}

}  // namespace

const Op& sin_op() {
  static const Op op{.name = "sin",
                     .summary = "sine",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &sin_pointwise()};
  return op;
}

}  // namespace hillock

// tanh: Hyperbolic tangent.
#include "ops/tanh/tanh.h"

#include "core/math.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("tanh", signature, 1); }

// y = tanh x: dx = dy (1 - y^2).
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value out{id, 0};
  const Value rest = ops::subtract(graph, constant_like(graph, out, 1), ops::multiply(graph, out, out));
  return {ops::multiply(graph, dout[0], rest)};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return math::tanh(x); });
}

}  // namespace

const Op& tanh_op() {
  static const Op op{.name = "tanh",
                     .summary = "hyperbolic tangent",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &tanh_pointwise()};
  return op;
}

}  // namespace hillock

// cos: The cosine of an angle in radians.
#include "ops/cos/cos.h"

#include "core/math.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("cos", signature, 1); }

// y = cos x: dx = -dy sin x.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value in = graph.node(id).inputs[0];
  return {ops::negate(graph, ops::multiply(graph, dout[0], ops::sin(graph, in)))};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return math::cos(x); });
}

}  // namespace

const Op& cos_op() {
  static const Op op{.name = "cos",
                     .summary = "cosine",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &cos_pointwise()};
  return op;
}

}  // namespace hillock

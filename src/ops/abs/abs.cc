// abs: |x|.
#include "ops/abs/abs.h"

#include <cmath>

#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("abs", signature, 1); }

// y = |x|: dx = dy sign(x), sign(0) = 0.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value x = graph.node(id).inputs[0];
  const Value zero = constant_like(graph, x, 0);
  const Value sign = ops::subtract(graph, ops::less(graph, zero, x), ops::less(graph, x, zero));
  return {ops::multiply(graph, dout[0], sign)};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return std::abs(x); });
}

}  // namespace

const Op& abs_op() {
  static const Op op{.name = "abs",
                     .summary = "|x|",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &abs_pointwise(),
                     .kink = &kink_at_zero};
  return op;
}

}  // namespace hillock

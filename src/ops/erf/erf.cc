// erf: The error function.
#include "ops/erf/erf.h"

#include <numbers>

#include "core/math.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("erf", signature, 1); }

// y = erf x: dx = dy 2/sqrt(pi) e^(-x^2).
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value in = graph.node(id).inputs[0];
  const Value slope = ops::exp(graph, ops::negate(graph, ops::multiply(graph, in, in)));
  return {ops::multiply(graph, dout[0], ops::multiply(graph, slope, 2 * std::numbers::inv_sqrtpi))};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return math::erf(x); });
}

}  // namespace

const Op& erf_op() {
  static const Op op{.name = "erf",
                     .summary = "error function",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &erf_pointwise()};
  return op;
}

}  // namespace hillock

// relu: max(x, 0); NaN for NaN.
#include "ops/relu/relu.h"

#include "core/lane.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("relu", signature, 1); }

// y = max(x, 0): dx = dy where x > 0, that is where y > 0, else 0 (also at 0). Computed from y so that x need not be
// kept.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value out{id, 0};
  const Value zero = constant_like(graph, out, 0);
  return {ops::select(graph, ops::less(graph, zero, out), dout[0], zero)};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return math::Lane<decltype(x)>::select(x < 0, decltype(x)(0), x); });
}

}  // namespace

const Op& relu_op() {
  static const Op op{.name = "relu",
                     .summary = "max(x, 0)",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &relu_pointwise(),
                     .kink = &kink_at_zero};
  return op;
}

}  // namespace hillock

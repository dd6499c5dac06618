// subtract: x - y.
#include "ops/subtract/subtract.h"

#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("subtract", signature, 2); }

// z = x - y: dx = dz, dy = -dz.
std::vector<Value> gradient(Graph& graph, NodeId, std::span<const Value> dout) {
  return {dout[0], ops::negate(graph, dout[0])};
}

void reference(const ReferenceCall& call) {
  map_reference<2>(call, [](auto x, auto y) { return x - y; });
}

}  // namespace

const Op& subtract_op() {
  static const Op op{.name = "subtract",
                     .summary = "x - y",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &subtract_pointwise()};
  return op;
}

}  // namespace hillock

// negate: -x.
#include "ops/negate/negate.h"

#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("negate", signature, 1); }

// y = -x: dx = -dy.
std::vector<Value> gradient(Graph& graph, NodeId, std::span<const Value> dout) { return {ops::negate(graph, dout[0])}; }

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return -x; });
}

}  // namespace

const Op& negate_op() {
  static const Op op{.name = "negate",
                     .summary = "-x",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &negate_pointwise()};
  return op;
}

}  // namespace hillock

// softplus: log(1 + e^x), without overflow.
#include "ops/softplus/softplus.h"

#include "core/math.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("softplus", signature, 1); }

// y = log(1 + e^x): dx = dy / (1 + e^-x).
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value x = graph.node(id).inputs[0];
  return {ops::multiply(graph, dout[0], ops::sigmoid(graph, x))};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return math::softplus(x); });
}

}  // namespace

const Op& softplus_op() {
  static const Op op{.name = "softplus",
                     .summary = "log(1 + e^x)",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &softplus_pointwise()};
  return op;
}

}  // namespace hillock

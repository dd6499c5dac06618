// sigmoid: 1 / (1 + e^-x), without overflow.
#include "ops/sigmoid/sigmoid.h"

#include "core/math.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("sigmoid", signature, 1); }

// y = 1 / (1 + e^-x): dx = dy y (1 - y).
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value out{id, 0};
  const Value rest = ops::subtract(graph, constant_like(graph, out, 1), out);
  return {ops::multiply(graph, dout[0], ops::multiply(graph, out, rest))};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return math::sigmoid(x); });
}

}  // namespace

const Op& sigmoid_op() {
  static const Op op{.name = "sigmoid",
                     .summary = "1 / (1 + e^-x)",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &sigmoid_pointwise()};
  return op;
}

}  // namespace hillock

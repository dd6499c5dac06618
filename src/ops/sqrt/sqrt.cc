// sqrt: Square root; NaN below 0.
#include "ops/sqrt/sqrt.h"

#include <cmath>

#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("sqrt", signature, 1); }

// y = sqrt(x): dx = dy / (2 y).
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value out{id, 0};
  return {ops::divide(graph, dout[0], ops::add(graph, out, out))};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return std::sqrt(x); });
}

}  // namespace

const Op& sqrt_op() {
  static const Op op{.name = "sqrt",
                     .summary = "square root",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &sqrt_pointwise()};
  return op;
}

}  // namespace hillock

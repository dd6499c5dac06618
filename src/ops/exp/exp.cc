// exp: e^x; 0 where that is below the smallest normal number.
#include "ops/exp/exp.h"

#include "core/math.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("exp", signature, 1); }

// y = e^x: dx = dy y.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  return {ops::multiply(graph, dout[0], {id, 0})};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return math::exp(x); });
}

}  // namespace

const Op& exp_op() {
  static const Op op{.name = "exp",
                     .summary = "e^x",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &exp_pointwise()};
  return op;
}

}  // namespace hillock

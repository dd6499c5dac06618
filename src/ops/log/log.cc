// log: Natural logarithm; -inf at 0, NaN below.
#include "ops/log/log.h"

#include "core/math.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("log", signature, 1); }

// y = log x: dx = dy / x.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value x = graph.node(id).inputs[0];
  return {ops::divide(graph, dout[0], x)};
}

void reference(const ReferenceCall& call) {
  map_reference<1>(call, [](auto x) { return math::log(x); });
}

}  // namespace

const Op& log_op() {
  static const Op op{.name = "log",
                     .summary = "natural logarithm",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &log_pointwise()};
  return op;
}

}  // namespace hillock

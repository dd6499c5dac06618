// select: x where condition is not 0, else y.
#include "ops/select/select.h"

#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("select", signature, 3); }

// dx = dz where condition is not 0, else 0; dy the other way round; the condition has no derivative.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value condition = graph.node(id).inputs[0];
  const Value zero = constant_like(graph, dout[0], 0);
  return {{}, ops::select(graph, condition, dout[0], zero), ops::select(graph, condition, zero, dout[0])};
}

void reference(const ReferenceCall& call) {
  map_reference<3>(call, [](auto condition, auto x, auto y) { return condition != 0 ? x : y; });
}

}  // namespace

const Op& select_op() {
  static const Op op{.name = "select",
                     .summary = "x where condition is not 0, else y",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &select_pointwise()};
  return op;
}

}  // namespace hillock

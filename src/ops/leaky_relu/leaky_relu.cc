// leaky_relu {"slope"}: x > 0 ? x : slope x.
#include "ops/leaky_relu/leaky_relu.h"

#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  signature.attributes.real("slope");  // throws if it is missing
  return pointwise_types("leaky_relu", signature, 1);
}

// y = x > 0 ? x : slope x: dx = x > 0 ? dy : slope dy. Unless the slope is negative, y > 0 exactly where x > 0. The
// gradient is then computed from y, so that x need not be kept.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const double slope = graph.node(id).attributes.real("slope");
  const Value x = slope < 0 ? graph.node(id).inputs[0] : Value{id, 0};
  const Value positive = ops::less(graph, constant_like(graph, x, 0), x);
  return {ops::select(graph, positive, dout[0], ops::multiply(graph, dout[0], slope))};
}

void reference(const ReferenceCall& call) {
  const double attribute = call.signature.attributes.real("slope");
  map_reference<1>(call, [attribute](auto x) {
    const auto slope = static_cast<decltype(x)>(attribute);
    return x > 0 ? x : slope * x;
  });
}

}  // namespace

const Op& leaky_relu_op() {
  static const Op op{.name = "leaky_relu",
                     .summary = "x > 0 ? x : slope x",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &leaky_relu_pointwise(),
                     .kink = &kink_at_zero};
  return op;
}

}  // namespace hillock

// elu {"alpha"}: x > 0 ? x : alpha (e^x - 1).
#include "ops/elu/elu.h"

#include "core/math.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  signature.attributes.real("alpha");  // throws if it is missing
  return pointwise_types("elu", signature, 1);
}

// y = x > 0 ? x : alpha (e^x - 1): dx = dy where x > 0, else dy alpha e^x = dy (y + alpha).
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value x = graph.node(id).inputs[0];
  const Value out{id, 0};
  const double alpha = graph.node(id).attributes.real("alpha");
  const Value positive = ops::less(graph, constant_like(graph, x, 0), x);
  const Value slope = ops::add(graph, out, alpha);
  return {ops::select(graph, positive, dout[0], ops::multiply(graph, dout[0], slope))};
}

void reference(const ReferenceCall& call) {
  const double attribute = call.signature.attributes.real("alpha");
  map_reference<1>(call, [attribute](auto x) {
    const auto alpha = static_cast<decltype(x)>(attribute);
    return x > 0 ? x : alpha * math::expm1_nonpositive(x);
  });
}

}  // namespace

const Op& elu_op() {
  static const Op op{.name = "elu",
                     .summary = "x > 0 ? x : alpha (e^x - 1)",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &elu_pointwise(),
                     .kink = &kink_at_zero};
  return op;
}

}  // namespace hillock

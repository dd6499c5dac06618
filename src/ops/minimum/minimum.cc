// minimum: The lesser of x and y; NaN if either is. Of zeros with different signs, y.
#include "ops/minimum/minimum.h"

#include "core/lane.h"
#include "hillock/ops.h"
#include "ops/pointwise_op.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return pointwise_types("minimum", signature, 2); }

// z = min(x, y): dz goes to the lesser; where x = y, half to each.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value x = graph.node(id).inputs[0];
  const Value y = graph.node(id).inputs[1];
  const Value tie = ops::multiply(graph, ops::equal(graph, x, y), 0.5);
  const Value share = ops::add(graph, ops::less(graph, x, y), tie);
  const Value dx = ops::multiply(graph, dout[0], share);
  return {dx, ops::subtract(graph, dout[0], dx)};
}

void reference(const ReferenceCall& call) {
  map_reference<2>(call, [](auto x, auto y) { return math::Lane<decltype(x)>::select(x < y || x != x, x, y); });
}

}  // namespace

const Op& minimum_op() {
  static const Op op{.name = "minimum",
                     .summary = "the lesser of x and y",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .pointwise = &minimum_pointwise(),
                     .kink = &kink_where_equal};
  return op;
}

}  // namespace hillock

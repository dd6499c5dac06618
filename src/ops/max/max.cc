// max {"axis", "axes"}: the largest element along adjacent axes, which are removed; NaN if one is NaN.
#include "ops/max/max.h"

#include "ops/reduction_rule.h"
#include "ops/replicate_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return infer_reduction("max", signature, false); }

// With m_r = [x_r = out] and c = Σ_r m_r: ∂L/∂x_r = m_r dout / c. Equal maxima share the gradient evenly, as in the
// middle of the kink of a piecewise linear function.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value x = graph.node(id).inputs[0];
  const Shape shape = graph.type(x).shape;
  const int axis = static_cast<int>(graph.node(id).attributes.integer("axis"));
  const int axes = static_cast<int>(graph.node(id).attributes.integer("axes"));
  std::vector<int> reduced;
  for (int k = axis; k < axis + axes; ++k) reduced.push_back(k);
  const Value is_max = ops::equal(graph, x, spread_over_axes(graph, {id, 0}, shape, axis, axes));
  const Value share = ops::divide(graph, dout[0], ops::sum(graph, is_max, reduced));
  return {ops::multiply(graph, is_max, spread_over_axes(graph, share, shape, axis, axes))};
}

void reference(const ReferenceCall& call) {
  reduction_reference<MaxRule>(call, [](auto largest, auto) { return largest; });
}

constexpr Op kMax{.name = "max",
                  .summary = "the largest along adjacent axes",
                  .infer = &infer,
                  .gradient = &gradient,
                  .reference = &reference,
                  .kernel = &plan_max,
                  .replicate = &replicate_as_it_is<&max_op>,
                  .flops = &reduction_flops};

}  // namespace

const Op& max_op() { return kMax; }

}  // namespace hillock

// sum {"axis", "axes"}: adds the elements along adjacent axes, which are removed, in the order of core/reduction.h.
#include "ops/sum/sum.h"

#include "ops/reduction_rule.h"
#include "ops/replicate_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return infer_reduction("sum", signature, true); }

// out = Σ_r x_r, so ∂L/∂x_r = dout for every r.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Node& node = graph.node(id);
  const Shape shape = graph.type(node.inputs[0]).shape;
  const int axis = static_cast<int>(node.attributes.integer("axis"));
  const int axes = static_cast<int>(node.attributes.integer("axes"));
  return {spread_over_axes(graph, dout[0], shape, axis, axes)};
}

void reference(const ReferenceCall& call) {
  reduction_reference<SumRule>(call, [](auto sum, auto) { return sum; });
}

constexpr Op kSum{.name = "sum",
                  .summary = "the sum along adjacent axes",
                  .infer = &infer,
                  .gradient = &gradient,
                  .reference = &reference,
                  .kernel = &plan_sum,
                  .replicate = &replicate_as_it_is<&sum_op>,
                  .flops = &reduction_flops};

}  // namespace

const Op& sum_op() { return kSum; }

}  // namespace hillock

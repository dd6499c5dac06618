// mean {"axis", "axes"}: the canonical sum along adjacent axes divided by the number of elements.
#include "ops/mean/mean.h"

#include "ops/reduction_rule.h"
#include "ops/replicate_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) { return infer_reduction("mean", signature, false); }

// out = Σ_r x_r / n, so ∂L/∂x_r = dout / n for every r.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Node& node = graph.node(id);
  const TensorType type = graph.type(node.inputs[0]);
  const int axis = static_cast<int>(node.attributes.integer("axis"));
  const int axes = static_cast<int>(node.attributes.integer("axes"));
  const std::int64_t count = split_at_axes(type.shape, axis, axes).reduced;
  const Value share = ops::multiply(graph, dout[0], 1.0 / static_cast<double>(count));
  return {spread_over_axes(graph, share, type.shape, axis, axes)};
}

void reference(const ReferenceCall& call) {
  reduction_reference<SumRule>(call, [](auto sum, auto count) { return sum / count; });
}

constexpr Op kMean{.name = "mean",
                   .summary = "the mean along adjacent axes",
                   .infer = &infer,
                   .gradient = &gradient,
                   .reference = &reference,
                   .kernel = &plan_mean,
                   .replicate = &replicate_as_it_is<&mean_op>,
                   .flops = &reduction_flops};

}  // namespace

const Op& mean_op() { return kMean; }

}  // namespace hillock

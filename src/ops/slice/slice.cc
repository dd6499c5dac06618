// slice {"starts", "sizes"}: the box [starts, starts + sizes) of the operand. A view.
#include "ops/slice/slice.h"

#include <fmt/ranges.h>

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("slice", signature, 1);
  const TensorType& in = signature.in[0];
  const std::vector<std::int64_t>& starts = signature.attributes.integers("starts");
  const std::vector<std::int64_t>& sizes = signature.attributes.integers("sizes");
  const std::size_t rank = static_cast<std::size_t>(in.shape.rank());
  bool fits = starts.size() == rank && sizes.size() == rank;
  for (std::size_t axis = 0; fits && axis < rank; ++axis) {
    const std::int64_t extent = in.shape[static_cast<int>(axis)];
    fits = starts[axis] >= 0 && starts[axis] <= extent && sizes[axis] >= 0 && sizes[axis] <= extent - starts[axis];
  }
  if (!fits) {
    throw Error(
        fmt::format("slice: starts=[{}], sizes=[{}] of {}; give a start and a size for each axis, within its extent",
                    fmt::join(starts, ", "), fmt::join(sizes, ", "), in.to_string()));
  }
  return {{in.dtype, Shape(sizes), in.range}};
}

std::optional<View> view(const OpSignature& signature, const View& in) {
  const std::vector<std::int64_t>& starts = signature.attributes.integers("starts");
  View out = in;
  out.shape = Shape(signature.attributes.integers("sizes"));
  for (std::size_t axis = 0; axis < starts.size(); ++axis) out.offset += starts[axis] * in.strides[axis];
  return out;
}

// Elements outside the box do not affect the result, so the gradient is dout with zeros around it.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Shape in = graph.type(graph.node(id).inputs[0]).shape;
  const std::vector<std::int64_t> starts = graph.node(id).attributes.integers("starts");
  std::vector<std::int64_t> after = graph.node(id).attributes.integers("sizes");
  for (std::size_t axis = 0; axis < after.size(); ++axis) {
    after[axis] = in[static_cast<int>(axis)] - starts[axis] - after[axis];
  }
  return {ops::pad(graph, dout[0], starts, after)};
}

std::vector<Value> replicate(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  std::vector<std::int64_t> starts = alone.attributes.integers("starts");
  std::vector<std::int64_t> sizes = alone.attributes.integers("sizes");
  starts.push_back(0);
  sizes.push_back(replicas);
  return {ops::slice(graph, widened(graph, in[0], replicas), starts, sizes)};
}

constexpr Op kSlice{.name = "slice",
                    .summary = "a box of the operand",
                    .infer = &infer,
                    .gradient = &gradient,
                    .reference = &view_reference<&view>,
                    .view = &view,
                    .replicate = &replicate};

}  // namespace

const Op& slice_op() { return kSlice; }

}  // namespace hillock

// transpose {"permutation"}: axis k of the result is axis permutation[k] of the operand. A view.
#include "ops/transpose/transpose.h"

#include <fmt/ranges.h>

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("transpose", signature, 1);
  const TensorType& in = signature.in[0];
  const std::vector<std::int64_t>& permutation = signature.attributes.integers("permutation");
  std::vector<std::int64_t> sorted = permutation;
  std::sort(sorted.begin(), sorted.end());
  bool is_permutation = static_cast<int>(sorted.size()) == in.shape.rank();
  for (std::size_t axis = 0; is_permutation && axis < sorted.size(); ++axis) {
    is_permutation = sorted[axis] == static_cast<std::int64_t>(axis);
  }
  if (!is_permutation) {
    throw Error(fmt::format("transpose: permutation=[{}] of {}; name each of its {} axes once",
                            fmt::join(permutation, ", "), in.to_string(), in.shape.rank()));
  }
  std::vector<std::int64_t> dims;
  for (std::int64_t axis : permutation) dims.push_back(in.shape[static_cast<int>(axis)]);
  return {{in.dtype, Shape(dims), in.range}};
}

std::optional<View> view(const OpSignature& signature, const View& in) {
  const std::vector<std::int64_t>& permutation = signature.attributes.integers("permutation");
  View out;
  out.offset = in.offset;
  std::vector<std::int64_t> dims;
  for (std::int64_t axis : permutation) {
    out.strides[dims.size()] = in.strides[static_cast<std::size_t>(axis)];
    dims.push_back(in.shape[static_cast<int>(axis)]);
  }
  out.shape = Shape(dims);
  return out;
}

// The inverse permutation moves every element of dout back to its position.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const std::vector<std::int64_t>& permutation = graph.node(id).attributes.integers("permutation");
  std::vector<int> inverse(permutation.size());
  for (std::size_t k = 0; k < permutation.size(); ++k) {
    inverse[static_cast<std::size_t>(permutation[k])] = static_cast<int>(k);
  }
  return {ops::transpose(graph, dout[0], inverse)};
}

std::vector<Value> replicate(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  std::vector<int> permutation;
  for (const std::int64_t axis : alone.attributes.integers("permutation"))
    permutation.push_back(static_cast<int>(axis));
  permutation.push_back(static_cast<int>(permutation.size()));
  return {ops::transpose(graph, widened(graph, in[0], replicas), permutation)};
}

constexpr Op kTranspose{.name = "transpose",
                        .summary = "the axes in another order",
                        .infer = &infer,
                        .gradient = &gradient,
                        .reference = &view_reference<&view>,
                        .view = &view,
                        .replicate = &replicate};

}  // namespace

const Op& transpose_op() { return kTranspose; }

}  // namespace hillock

// reshape {"shape"}: the same elements in row-major order with another shape. A view if the operand's strides allow
// it.
#include "ops/reshape/reshape.h"

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("reshape", signature, 1);
  const TensorType& in = signature.in[0];
  const Shape shape(signature.attributes.integers("shape"));
  if (shape.elements() != in.elements()) {
    throw Error(fmt::format("reshape: {} has {} elements and {} has {}; they must be as many", in.to_string(),
                            in.elements(), shape.to_string(), shape.elements()));
  }
  return {{in.dtype, shape, in.range}};
}

struct Axes {
  int count = 0;
  std::array<std::int64_t, Shape::kMaxRank> extents{};
  std::array<std::int64_t, Shape::kMaxRank> strides{};
};

// The axes of `in` without those of extent 1. Neighbouring axes that one stride can walk over are joined.
Axes joined_axes(const View& in) {
  Axes joined;
  for (int axis = 0; axis < in.shape.rank(); ++axis) {
    const std::int64_t extent = in.shape[axis];
    const std::int64_t stride = in.strides[static_cast<std::size_t>(axis)];
    if (extent == 1) continue;
    const std::size_t last = static_cast<std::size_t>(joined.count - 1);
    if (joined.count > 0 && joined.strides[last] == extent * stride) {
      joined.extents[last] *= extent;
      joined.strides[last] = stride;
    } else {
      joined.extents[last + 1] = extent;
      joined.strides[last + 1] = stride;
      ++joined.count;
    }
  }
  return joined;
}

// Each joined axis must be divided exactly into axes of the new shape, beginning with the last axis.
std::optional<View> view(const OpSignature& signature, const View& in) {
  const Shape shape(signature.attributes.integers("shape"));
  View out = View::dense(shape);
  out.offset = in.offset;
  if (in.is_dense() || shape.elements() == 0) return out;
  const Axes joined = joined_axes(in);
  int from = joined.count - 1;
  std::int64_t left = from >= 0 ? joined.extents[static_cast<std::size_t>(from)] : 1;
  std::int64_t stride = from >= 0 ? joined.strides[static_cast<std::size_t>(from)] : 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    if (shape[axis] == 1) continue;
    if (left == 1 && from > 0) {
      --from;
      left = joined.extents[static_cast<std::size_t>(from)];
      stride = joined.strides[static_cast<std::size_t>(from)];
    }
    if (left % shape[axis] != 0) return std::nullopt;
    out.strides[static_cast<std::size_t>(axis)] = stride;
    stride *= shape[axis];
    left /= shape[axis];
  }
  return out;
}

// The elements keep their order, so the gradient is dout with the operand's shape.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Shape in = graph.type(graph.node(id).inputs[0]).shape;
  return {ops::reshape(graph, dout[0], in)};
}

std::vector<Value> replicate(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  return {ops::reshape(graph, widened(graph, in[0], replicas), with_replicas(alone.out[0].shape, replicas))};
}

constexpr Op kReshape{.name = "reshape",
                      .summary = "the same elements under another shape",
                      .infer = &infer,
                      .gradient = &gradient,
                      .reference = &view_reference<&view>,
                      .view = &view,
                      .replicate = &replicate};

}  // namespace

const Op& reshape_op() { return kReshape; }

}  // namespace hillock

// broadcast {"shape"}: repeats an operand along new leading axes and along axes of extent 1, as NumPy does. A view: the
// strides of repeated axes are zero.
#include "ops/broadcast/broadcast.h"

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("broadcast", signature, 1);
  const TensorType& in = signature.in[0];
  const Shape shape(signature.attributes.integers("shape"));
  const int added = shape.rank() - in.shape.rank();
  bool fits = added >= 0;
  for (int axis = 0; fits && axis < in.shape.rank(); ++axis) {
    fits = in.shape[axis] == 1 || in.shape[axis] == shape[axis + added];
  }
  if (!fits) {
    throw Error(
        fmt::format("broadcast: {} cannot become {}; aligned at the last axes, extents must be equal or the "
                    "operand's must be 1",
                    in.to_string(), shape.to_string()));
  }
  return {{in.dtype, shape, in.range}};
}

std::optional<View> view(const OpSignature& signature, const View& in) {
  View out;
  out.offset = in.offset;
  out.shape = Shape(signature.attributes.integers("shape"));
  const int added = out.shape.rank() - in.shape.rank();
  for (int axis = 0; axis < in.shape.rank(); ++axis) {
    const bool is_repeated = in.shape[axis] != out.shape[axis + added];
    out.strides[static_cast<std::size_t>(axis + added)] = is_repeated ? 0 : in.strides[static_cast<std::size_t>(axis)];
  }
  return out;
}

// x_i appears at every position that repeats it, so ∂L/∂x_i is the sum of dout over these positions.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Shape in = graph.type(graph.node(id).inputs[0]).shape;
  const Shape out = graph.type({id, 0}).shape;
  const int added = out.rank() - in.rank();
  std::vector<int> repeated;
  for (int axis = 0; axis < out.rank(); ++axis) {
    if (axis < added || in[axis - added] != out[axis]) repeated.push_back(axis);
  }
  if (repeated.empty()) return {dout[0]};
  return {ops::reshape(graph, ops::sum(graph, dout[0], repeated), in)};
}

// Shapes are aligned at their last axes. The axis of replicas keeps them aligned.
std::vector<Value> replicate(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  return {ops::broadcast(graph, widened(graph, in[0], replicas), with_replicas(alone.out[0].shape, replicas))};
}

constexpr Op kBroadcast{.name = "broadcast",
                        .summary = "repeats along missing axes and axes of extent 1",
                        .infer = &infer,
                        .gradient = &gradient,
                        .reference = &view_reference<&view>,
                        .view = &view,
                        .replicate = &replicate};

}  // namespace

const Op& broadcast_op() { return kBroadcast; }

}  // namespace hillock

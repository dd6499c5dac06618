// pad {"before", "after"}: zeros around the operand, before[k] and after[k] of them along axis k.
#include "ops/pad/pad.h"

#include <fmt/ranges.h>

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

// The padding is zero, so the range must include zero.
std::optional<IntegerRange> range_with_zero(const std::optional<IntegerRange>& range) {
  if (!range) return std::nullopt;
  return IntegerRange{std::min<std::int64_t>(range->begin, 0), std::max<std::int64_t>(range->end, 1)};
}

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("pad", signature, 1);
  const TensorType& in = signature.in[0];
  const std::vector<std::int64_t>& before = signature.attributes.integers("before");
  const std::vector<std::int64_t>& after = signature.attributes.integers("after");
  const std::size_t rank = static_cast<std::size_t>(in.shape.rank());
  constexpr std::int64_t kMost = std::int64_t{1} << 60;  // so small that three of them can be added
  bool fits = before.size() == rank && after.size() == rank;
  std::vector<std::int64_t> dims = dims_of(in.shape);
  for (std::size_t axis = 0; fits && axis < rank; ++axis) {
    fits = before[axis] >= 0 && after[axis] >= 0 && before[axis] < kMost && after[axis] < kMost;
    if (fits) dims[axis] += before[axis] + after[axis];
  }
  if (!fits) {
    throw Error(fmt::format("pad: before=[{}], after=[{}] of {}; give two counts, zero or more, for each axis",
                            fmt::join(before, ", "), fmt::join(after, ", "), in.to_string()));
  }
  return {{in.dtype, Shape(dims), range_with_zero(in.range)}};
}

// The zeros are constants, so the gradient is the slice of dout at the operand's place.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const std::vector<std::int64_t> starts = graph.node(id).attributes.integers("before");
  const std::vector<std::int64_t> sizes = dims_of(graph.type(graph.node(id).inputs[0]).shape);
  return {ops::slice(graph, dout[0], starts, sizes)};
}

void reference(const ReferenceCall& call) {
  const TensorType& type = call.signature.in[0];
  const Shape& shape = call.signature.out[0].shape;
  const std::vector<std::int64_t>& before = call.signature.attributes.integers("before");
  visit_dtype(type.dtype, [&]<class T>(T) {
    const T* in = static_cast<const T*>(call.in[0]);
    T* out = static_cast<T*>(call.out[0]);
    std::fill(out, out + shape.elements(), T{0});
    const View dense = View::dense(shape);
    for (std::int64_t index = 0; index < type.elements(); ++index) {
      std::int64_t rest = index;
      std::int64_t place = 0;
      for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        const std::size_t k = static_cast<std::size_t>(axis);
        place += (rest % type.shape[axis] + before[k]) * dense.strides[k];
        rest /= type.shape[axis];
      }
      out[place] = in[index];
    }
  });
}

std::vector<Value> replicate(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  std::vector<std::int64_t> before = alone.attributes.integers("before");
  std::vector<std::int64_t> after = alone.attributes.integers("after");
  before.push_back(0);
  after.push_back(0);
  return {ops::pad(graph, widened(graph, in[0], replicas), before, after)};
}

constexpr Op kPad{.name = "pad",
                  .summary = "zeros around the operand",
                  .infer = &infer,
                  .gradient = &gradient,
                  .reference = &reference,
                  .kernel = &plan_pad,
                  .replicate = &replicate};

}  // namespace

const Op& pad_op() { return kPad; }

}  // namespace hillock

// concat {}: the operands one after another along axis 0. It has no kernel: producers write directly into the result,
// or the planner copies.
#include "ops/concat/concat.h"

#include <cstring>

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

bool same_but_rows(const Shape& x, const Shape& y) {
  return x.rank() == y.rank() && std::equal(x.dims().begin() + 1, x.dims().end(), y.dims().begin() + 1);
}

// The result has a range only if every integer operand has one.
std::optional<IntegerRange> common_range(std::span<const TensorType> parts) {
  std::optional<IntegerRange> range = parts[0].range;
  for (const TensorType& part : parts) {
    if (!range || !part.range) return std::nullopt;
    range = IntegerRange{std::min(range->begin, part.range->begin), std::max(range->end, part.range->end)};
  }
  return range;
}

std::vector<TensorType> infer(const OpSignature& signature) {
  if (signature.in.empty()) throw Error("concat: no operands were given; it takes one or more");
  const TensorType& first = signature.in[0];
  if (first.shape.rank() == 0) {
    throw Error(
        fmt::format("concat: the first operand is {}, which has no axis; reshape() it to [1]", first.to_string()));
  }
  std::vector<std::int64_t> dims = dims_of(first.shape);
  dims[0] = 0;
  for (const TensorType& part : signature.in) {
    if (part.dtype != first.dtype || !same_but_rows(part.shape, first.shape)) {
      throw Error(fmt::format("concat: {} after {}; dtypes and all axes but the first must agree", part.to_string(),
                              first.to_string()));
    }
    dims[0] += part.shape[0];
  }
  return {{first.dtype, Shape(dims), common_range(signature.in)}};
}

// Each operand's gradient is its own slice of dout.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const std::vector<Value> parts = graph.node(id).inputs;
  std::vector<Value> gradients;
  std::int64_t row = 0;
  for (Value part : parts) {
    const Shape shape = graph.type(part).shape;
    std::vector<std::int64_t> starts(static_cast<std::size_t>(shape.rank()), 0);
    starts[0] = row;
    gradients.push_back(ops::slice(graph, dout[0], starts, dims_of(shape)));
    row += shape[0];
  }
  return gradients;
}

void reference(const ReferenceCall& call) {
  std::byte* out = static_cast<std::byte*>(call.out[0]);
  for (std::size_t k = 0; k < call.in.size(); ++k) {
    const std::size_t bytes = call.signature.in[k].bytes();
    if (bytes > 0) std::memcpy(out, call.in[k], bytes);
    out += bytes;
  }
}

constexpr Op kConcat{.name = "concat",
                     .summary = "operands one after another along axis 0",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .concatenates = true,
                     .replicate = &replicate_as_it_is<&concat_op>};

}  // namespace

const Op& concat_op() { return kConcat; }

}  // namespace hillock

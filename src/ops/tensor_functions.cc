// The functions of hillock/ops.h for products, reductions, shapes, indices, losses and random numbers: they normalize
// axes and apply the op. (Pointwise functions also broadcast, and have their own file.)
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "hillock/ops.h"
#include "ops/all.h"
#include "ops/operand.h"
#include "ops/type_rule.h"

namespace hillock::ops {
namespace {

Value apply_one(Graph& graph, const Op& op, std::initializer_list<Value> inputs, Attributes attributes = {}) {
  return graph.apply(op, std::span(inputs.begin(), inputs.size()), std::move(attributes))[0];
}

// Applies a view. A view of a constant is again a constant, since all elements are equal.
Value apply_view(Graph& graph, const Op& op, Value x, const Attributes& attributes) {
  const auto value = constant_value(graph, x);
  if (!value) return apply_one(graph, op, {x}, attributes);
  const TensorType type = op.infer({.in = {&graph.type(x), 1}, .out = {}, .attributes = attributes}).front();
  return constant(graph, type.dtype, type.shape, *value);
}

int normalised_axis(const TensorType& type, int axis, std::string_view where) {
  const int rank = type.shape.rank();
  if (axis < -rank || axis >= rank) {
    throw Error(fmt::format("{}: axis {} of {}; its {} axes count from 0, or from -1 backwards", where, axis,
                            type.to_string(), rank));
  }
  return axis < 0 ? axis + rank : axis;
}

std::vector<int> normalised_axes(const TensorType& type, std::vector<int> axes, std::string_view where) {
  for (int& axis : axes) axis = normalised_axis(type, axis, where);
  std::sort(axes.begin(), axes.end());
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end()) {
    throw Error(fmt::format("{}: axes [{}] of {} name one axis twice; name each once", where, fmt::join(axes, ", "),
                            type.to_string()));
  }
  return axes;
}

// Reduces adjacent axes; other axes are first moved together behind the rest. No axes means all axes.
Value reduce(Graph& graph, const Op& op, Value x, std::vector<int> axes) {
  const TensorType type = type_of(graph, x, op.name);
  const int rank = type.shape.rank();
  if (!is_float(type.dtype)) return apply_one(graph, op, {x}, {});  // throws, since the op requires floats
  if (axes.empty()) {
    if (type.shape.elements() == 1) return rank == 0 ? x : reshape(graph, x, {});
    return apply_one(graph, op, {x}, {{"axis", std::int64_t{0}}, {"axes", std::int64_t{rank}}});
  }
  axes = normalised_axes(type, std::move(axes), op.name);
  const std::int64_t count = static_cast<std::int64_t>(axes.size());
  if (std::ranges::all_of(axes, [&](int axis) { return type.shape[axis] == 1; })) {
    // The sum, mean or maximum of one element is that element, so axes of extent 1 need no reduction.
    std::vector<std::int64_t> kept;
    for (int axis = 0; axis < rank; ++axis) {
      if (!std::ranges::binary_search(axes, axis)) kept.push_back(type.shape[axis]);
    }
    return reshape(graph, x, Shape(kept));
  }
  std::int64_t first = axes.front();
  if (axes.back() - axes.front() + 1 != count) {
    std::vector<int> permutation;
    for (int axis = 0; axis < rank; ++axis) {
      if (!std::binary_search(axes.begin(), axes.end(), axis)) permutation.push_back(axis);
    }
    first = static_cast<std::int64_t>(permutation.size());
    permutation.insert(permutation.end(), axes.begin(), axes.end());
    x = transpose(graph, x, permutation);
  }
  return apply_one(graph, op, {x}, {{"axis", first}, {"axes", count}});
}

std::int64_t code_of(DType dtype) { return static_cast<std::int64_t>(dtype); }

}  // namespace

Value matmul(Graph& graph, Value x, Value y, bool transpose_x, bool transpose_y) {
  return apply_one(graph, matmul_op(), {x, y},
                   {{"transpose_a", std::int64_t{transpose_x}}, {"transpose_b", std::int64_t{transpose_y}}});
}

Value sum(Graph& graph, Value x, std::vector<int> axes) { return reduce(graph, sum_op(), x, std::move(axes)); }
Value mean(Graph& graph, Value x, std::vector<int> axes) { return reduce(graph, mean_op(), x, std::move(axes)); }
Value max(Graph& graph, Value x, std::vector<int> axes) { return reduce(graph, max_op(), x, std::move(axes)); }

Value argmax(Graph& graph, Value x, int axis) {
  const std::int64_t normalised = normalised_axis(type_of(graph, x, "argmax"), axis, "argmax");
  return apply_one(graph, argmax_op(), {x}, {{"axis", normalised}});
}

Value all_finite(Graph& graph, std::span<const Value> values) {
  return graph.apply(all_finite_op(), values, {{"keep_last", std::int64_t{0}}})[0];
}

Value broadcast(Graph& graph, Value x, const Shape& shape) {
  if (type_of(graph, x, "broadcast").shape == shape) return x;
  return apply_view(graph, broadcast_op(), x, {{"shape", dims_of(shape)}});
}

Value reshape(Graph& graph, Value x, const Shape& shape) {
  if (type_of(graph, x, "reshape").shape == shape) return x;
  return apply_view(graph, reshape_op(), x, {{"shape", dims_of(shape)}});
}

Value transpose(Graph& graph, Value x, std::vector<int> permutation) {
  const TensorType& type = type_of(graph, x, "transpose");
  if (permutation.empty()) {
    permutation.resize(static_cast<std::size_t>(type.shape.rank()));
    std::iota(permutation.rbegin(), permutation.rend(), 0);
  }
  std::vector<std::int64_t> axes;
  for (int axis : permutation) axes.push_back(normalised_axis(type, axis, "transpose"));
  return apply_one(graph, transpose_op(), {x}, {{"permutation", std::move(axes)}});
}

Value slice(Graph& graph, Value x, std::vector<std::int64_t> starts, std::vector<std::int64_t> sizes) {
  return apply_one(graph, slice_op(), {x}, {{"starts", std::move(starts)}, {"sizes", std::move(sizes)}});
}

Value pad(Graph& graph, Value x, std::vector<std::int64_t> before, std::vector<std::int64_t> after) {
  return apply_one(graph, pad_op(), {x}, {{"before", std::move(before)}, {"after", std::move(after)}});
}

Value concat(Graph& graph, std::span<const Value> parts) { return graph.apply(concat_op(), parts)[0]; }

Value gather(Graph& graph, Value table, Value indices) { return apply_one(graph, gather_op(), {table, indices}); }

Value scatter_add(Graph& graph, Value indices, Value updates, std::int64_t rows) {
  return apply_one(graph, scatter_add_op(), {indices, updates}, {{"rows", rows}});
}

Value one_hot(Graph& graph, Value indices, std::int64_t depth, DType dtype) {
  return apply_one(graph, one_hot_op(), {indices}, {{"depth", depth}, {"dtype", code_of(dtype)}});
}

Value cast(Graph& graph, Value x, DType dtype) {
  if (type_of(graph, x, "cast").dtype == dtype) return x;
  return apply_one(graph, cast_op(), {x}, {{"dtype", code_of(dtype)}});
}

Value to_index(Graph& graph, Value x, std::int64_t rows) {
  return apply_one(graph, to_index_op(), {x}, {{"rows", rows}});
}

SoftmaxCrossEntropy softmax_cross_entropy(Graph& graph, Value logits, Value targets) {
  const std::array<Value, 2> operands{logits, targets};
  const std::vector<Value> results = graph.apply(softmax_cross_entropy_op(), operands);
  return {.loss = results[0], .probabilities = results[1], .slope = results[2]};
}

Value random_uniform(Graph& graph, Value position, const Shape& shape, DType dtype, std::int64_t stream) {
  return apply_one(graph, random_uniform_op(), {position},
                   {{"shape", dims_of(shape)}, {"dtype", code_of(dtype)}, {"stream", stream}});
}

}  // namespace hillock::ops

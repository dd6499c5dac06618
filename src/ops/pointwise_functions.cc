// The pointwise functions of hillock/ops.h: they broadcast operands by NumPy's rules and apply the op.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include "core/float_mode.h"
#include "hillock/error.h"
#include "hillock/ops.h"
#include "ops/abs/abs.h"
#include "ops/add/add.h"
#include "ops/constant/constant.h"
#include "ops/cos/cos.h"
#include "ops/divide/divide.h"
#include "ops/elu/elu.h"
#include "ops/equal/equal.h"
#include "ops/erf/erf.h"
#include "ops/exp/exp.h"
#include "ops/leaky_relu/leaky_relu.h"
#include "ops/less/less.h"
#include "ops/log/log.h"
#include "ops/maximum/maximum.h"
#include "ops/minimum/minimum.h"
#include "ops/multiply/multiply.h"
#include "ops/negate/negate.h"
#include "ops/operand.h"
#include "ops/pointwise_op.h"
#include "ops/power/power.h"
#include "ops/relu/relu.h"
#include "ops/select/select.h"
#include "ops/sigmoid/sigmoid.h"
#include "ops/sin/sin.h"
#include "ops/softplus/softplus.h"
#include "ops/sqrt/sqrt.h"
#include "ops/subtract/subtract.h"
#include "ops/tanh/tanh.h"

namespace hillock::ops {
namespace {

// The shape to which both can be broadcast: aligned at the last axes, where an extent of 1 or a missing axis is
// repeated.
Shape common_shape(std::string_view op, const Shape& x, const Shape& y) {
  const int rank = std::max(x.rank(), y.rank());
  std::array<std::int64_t, Shape::kMaxRank> dims{};
  for (int from_end = 1; from_end <= rank; ++from_end) {
    const std::int64_t x_extent = from_end <= x.rank() ? x[x.rank() - from_end] : 1;
    const std::int64_t y_extent = from_end <= y.rank() ? y[y.rank() - from_end] : 1;
    if (x_extent != y_extent && x_extent != 1 && y_extent != 1) {
      throw Error(
          fmt::format("{}: shapes {} and {} do not fit: axis -{} has extents {} and {}; they must be equal or "
                      "one of them 1",
                      op, x.to_string(), y.to_string(), from_end, x_extent, y_extent));
    }
    dims[static_cast<std::size_t>(rank - from_end)] = x_extent == 1 ? y_extent : x_extent;
  }
  return Shape(std::span<const std::int64_t>(dims.data(), static_cast<std::size_t>(rank)));
}

// Applies `op` to constants, by its reference; nothing unless all operands are constants.
std::optional<double> apply_to_constants(const Graph& graph, const Op& op, std::span<const Value> operands,
                                         const Attributes& attributes) {
  const FlushToZero mode;  // from here on, subnormal constants count as zero
  const TensorType type{graph.type(operands[0]).dtype, {}, {}};
  std::vector<TensorType> types;
  std::vector<Tensor> scalars;
  for (const Value operand : operands) {
    const std::optional<double> value = constant_value(graph, operand);
    if (!value || graph.type(operand).dtype != type.dtype) return std::nullopt;
    types.push_back(type);
    scalars.emplace_back(type).set(0, *value);
  }
  std::vector<const void*> in;
  for (const Tensor& scalar : scalars) in.push_back(scalar.raw());
  Tensor result(type);
  void* const out = result.raw();
  op.reference({.signature = {.in = types, .out = {&type, 1}, .attributes = attributes}, .in = in, .out = {&out, 1}});
  return result.at(0);
}

// Applies `op` to operands that are broadcast to their common shape.
template <std::size_t kOperands>
Value apply_broadcast(Graph& graph, const Op& op, std::array<Value, kOperands> operands) {
  Shape shape = type_of(graph, operands[0], op.name).shape;
  for (const Value operand : operands) shape = common_shape(op.name, shape, type_of(graph, operand, op.name).shape);
  if (const auto value = apply_to_constants(graph, op, operands, {})) {
    return constant(graph, graph.type(operands[0]).dtype, shape, *value);
  }
  for (Value& operand : operands) {
    if (graph.type(operand).shape != shape) operand = broadcast(graph, operand, shape);
  }
  return graph.apply(op, operands)[0];
}

Value apply_unary(Graph& graph, const Op& op, Value x, Attributes attributes = {}) {
  type_of(graph, x, op.name);
  if (const auto value = apply_to_constants(graph, op, {&x, 1}, attributes)) return constant_like(graph, x, *value);
  return graph.apply(op, std::span<const Value>(&x, 1), std::move(attributes))[0];
}

}  // namespace

Value constant(Graph& graph, DType dtype, const Shape& shape, double value) {
  const std::span<const std::int64_t> dims = shape.dims();
  return graph.apply(constant_op(), {},
                     {{"value", value},
                      {"shape", std::vector<std::int64_t>(dims.begin(), dims.end())},
                      {"dtype", static_cast<std::int64_t>(dtype)}})[0];
}

Value add(Graph& graph, Value x, Value y) { return apply_broadcast<2>(graph, add_op(), {x, y}); }
Value subtract(Graph& graph, Value x, Value y) { return apply_broadcast<2>(graph, subtract_op(), {x, y}); }
Value multiply(Graph& graph, Value x, Value y) { return apply_broadcast<2>(graph, multiply_op(), {x, y}); }
Value divide(Graph& graph, Value x, Value y) { return apply_broadcast<2>(graph, divide_op(), {x, y}); }
Value power(Graph& graph, Value x, Value y) { return apply_broadcast<2>(graph, power_op(), {x, y}); }
Value minimum(Graph& graph, Value x, Value y) { return apply_broadcast<2>(graph, minimum_op(), {x, y}); }
Value maximum(Graph& graph, Value x, Value y) { return apply_broadcast<2>(graph, maximum_op(), {x, y}); }
Value equal(Graph& graph, Value x, Value y) { return apply_broadcast<2>(graph, equal_op(), {x, y}); }
Value less(Graph& graph, Value x, Value y) { return apply_broadcast<2>(graph, less_op(), {x, y}); }
Value select(Graph& graph, Value condition, Value x, Value y) {
  return apply_broadcast<3>(graph, select_op(), {condition, x, y});
}

Value negate(Graph& graph, Value x) { return apply_unary(graph, negate_op(), x); }
Value abs(Graph& graph, Value x) { return apply_unary(graph, abs_op(), x); }
Value exp(Graph& graph, Value x) { return apply_unary(graph, exp_op(), x); }
Value log(Graph& graph, Value x) { return apply_unary(graph, log_op(), x); }
Value sqrt(Graph& graph, Value x) { return apply_unary(graph, sqrt_op(), x); }
Value sigmoid(Graph& graph, Value x) { return apply_unary(graph, sigmoid_op(), x); }
Value tanh(Graph& graph, Value x) { return apply_unary(graph, tanh_op(), x); }
Value sin(Graph& graph, Value x) { return apply_unary(graph, sin_op(), x); }
Value cos(Graph& graph, Value x) { return apply_unary(graph, cos_op(), x); }
Value erf(Graph& graph, Value x) { return apply_unary(graph, erf_op(), x); }
Value relu(Graph& graph, Value x) { return apply_unary(graph, relu_op(), x); }
Value leaky_relu(Graph& graph, Value x, double slope) {
  return apply_unary(graph, leaky_relu_op(), x, {{"slope", slope}});
}
Value elu(Graph& graph, Value x, double alpha) { return apply_unary(graph, elu_op(), x, {{"alpha", alpha}}); }
Value softplus(Graph& graph, Value x) { return apply_unary(graph, softplus_op(), x); }

// The constant gets x's shape: in a fused chain constants cost nothing, while a broadcast would be another node.
Value add(Graph& graph, Value x, double y) { return add(graph, x, constant_like(graph, x, y)); }
Value multiply(Graph& graph, Value x, double y) { return multiply(graph, x, constant_like(graph, x, y)); }

}  // namespace hillock::ops

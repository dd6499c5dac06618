// softmax_cross_entropy {}: logits and targets [B, C] -> loss [B], probabilities [B, C] and slope [B, C].
//
// For each row, with m = max_c x_c, e_c = exp(x_c - m), s = Σ e_c: p_c = e_c / s; loss = Σ_c t_c (log s - (x_c - m)),
// where a term with t_c = 0 is 0 even if x_c is -inf; slope_c = ∂loss/∂x_c = p_c Σ_k t_k - t_c. Sums and maximum use
// the order of core/reduction.h. No exponential overflows, because x_c - m <= 0.
#include "ops/softmax_cross_entropy/softmax_cross_entropy.h"

#include <array>

#include "core/math.h"
#include "core/reduction.h"
#include "hillock/ops.h"
#include "ops/max/max.h"
#include "ops/pointwise_op.h"
#include "ops/replicate_rule.h"
#include "ops/sum/sum.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("softmax_cross_entropy", signature, 2);
  const TensorType& logits = signature.in[0];
  const TensorType& targets = signature.in[1];
  require_float("softmax_cross_entropy", logits);
  if (logits.dtype != targets.dtype || logits.shape != targets.shape || logits.shape.rank() != 2) {
    throw Error(
        fmt::format("softmax_cross_entropy: logits {} and targets {}; both must be [B, C] of one dtype (one_hot() "
                    "makes targets of labels)",
                    logits.to_string(), targets.to_string()));
  }
  if (logits.shape[1] == 0) {
    throw Error(fmt::format("softmax_cross_entropy: logits {} have no classes; give one or more", logits.to_string()));
  }
  return {
      {logits.dtype, Shape{logits.shape[0]}, {}}, {logits.dtype, logits.shape, {}}, {logits.dtype, logits.shape, {}}};
}

// [B] -> [B, C], each element repeated along its row.
Value along_rows(Graph& graph, Value value, const Shape& shape) {
  return ops::broadcast(graph, ops::reshape(graph, value, Shape{shape[0], 1}), shape);
}

// The sum of two gradients, either of which may be missing.
Value sum_of(Graph& graph, Value x, Value y) { return x && y ? ops::add(graph, x, y) : x ? x : y; }

// Σ_c x_c y_c of each row, along it.
Value row_products(Graph& graph, Value x, Value y) {
  return along_rows(graph, ops::sum(graph, ops::multiply(graph, x, y), {1}), graph.type(x).shape);
}

// With L the final loss, q = ∂L/∂loss, r = ∂L/∂p, u = ∂L/∂slope and ∂p_k/∂x_c = p_c ([k = c] - p_k): ∂L/∂x_c = q
// slope_c + p_c (v_c - Σ_k v_k p_k), where v_c = r_c + u_c Σ_k t_k.
Value logits_gradient(Graph& graph, NodeId id, Value q, Value r, Value u) {
  const Value targets = graph.node(id).inputs[1];
  const Value p{id, 1};
  const Value slope{id, 2};
  const Shape shape = graph.type(p).shape;
  Value through_loss;
  if (q) through_loss = ops::multiply(graph, along_rows(graph, q, shape), slope);
  Value through_slope;
  if (u) {
    const Value mass = along_rows(graph, ops::sum(graph, targets, {1}), shape);
    through_slope = ops::multiply(graph, u, mass);
  }
  const Value v = sum_of(graph, r, through_slope);
  Value through_p;
  if (v) through_p = ops::multiply(graph, p, ops::subtract(graph, v, row_products(graph, v, p)));
  return sum_of(graph, through_loss, through_p);
}

// log s + m - x_c. If this is differentiated again, the paths through m cancel.
Value surprises(Graph& graph, Value logits) {
  const Shape shape = graph.type(logits).shape;
  const Value shifted = ops::subtract(graph, logits, along_rows(graph, ops::max(graph, logits, {1}), shape));
  const Value log_sum = ops::log(graph, ops::sum(graph, ops::exp(graph, shifted), {1}));
  return ops::subtract(graph, along_rows(graph, log_sum, shape), shifted);
}

// ∂L/∂t_c = q (log s + m - x_c) + Σ_k u_k p_k - u_c.
Value targets_gradient(Graph& graph, NodeId id, Value q, Value u) {
  const Value p{id, 1};
  Value through_loss;
  if (q) {
    const Value terms = surprises(graph, graph.node(id).inputs[0]);
    through_loss = ops::multiply(graph, along_rows(graph, q, graph.type(p).shape), terms);
  }
  Value through_slope;
  if (u) through_slope = ops::subtract(graph, row_products(graph, u, p), u);
  return sum_of(graph, through_loss, through_slope);
}

std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  // A named variable, so that every compiler evaluates in this order and makes the same graph.
  const Value of_logits = logits_gradient(graph, id, dout[0], dout[1], dout[2]);
  const Value of_targets = targets_gradient(graph, id, dout[0], dout[2]);
  return {of_logits, of_targets};
}

// x, t, p, slope: [classes].
template <class T>
T reference_row(const T* x, const T* t, T* p, T* slope, std::int64_t classes) {
  const T largest = reduce_elements<MaxRule, T>(classes, [&](std::int64_t c) { return x[c]; });
  for (std::int64_t c = 0; c < classes; ++c) p[c] = math::exp<T>(x[c] - largest);
  const T sum = reduce_elements<SumRule, T>(classes, [&](std::int64_t c) { return p[c]; });
  for (std::int64_t c = 0; c < classes; ++c) p[c] = p[c] / sum;
  const T mass = reduce_elements<SumRule, T>(classes, [&](std::int64_t c) { return t[c]; });
  for (std::int64_t c = 0; c < classes; ++c) {
    const T expected = p[c] * mass;
    slope[c] = expected - t[c];
  }
  const T log_sum = math::log<T>(sum);
  return reduce_elements<SumRule, T>(
      classes, [&](std::int64_t c) { return t[c] == 0 ? T{0} : t[c] * (log_sum - (x[c] - largest)); });
}

void reference(const ReferenceCall& call) {
  const TensorType& type = call.signature.in[0];
  const std::int64_t classes = type.shape[1];
  visit_float(type.dtype, [&]<class T>(T) {
    for (std::int64_t row = 0; row < type.shape[0]; ++row) {
      static_cast<T*>(call.out[0])[row] = reference_row(
          static_cast<const T*>(call.in[0]) + row * classes, static_cast<const T*>(call.in[1]) + row * classes,
          static_cast<T*>(call.out[1]) + row * classes, static_cast<T*>(call.out[2]) + row * classes, classes);
    }
  });
}

// A logit costs a maximum, a difference, an exponential of about 15 operations, a sum, a quotient, its term of the loss
// and its share of the slope.
double flops(const OpSignature& signature) { return 25.0 * static_cast<double>(signature.in[0].elements()); }

// Replicas use the definition, in other ops. Each of its steps is a reduction or pointwise and gives the same bits.
std::vector<Value> replicate(Graph& graph, const OpSignature&, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  const Value x = widened(graph, in[0], replicas);  // [B, C, replicas]
  const Value t = widened(graph, in[1], replicas);
  const Shape shape = graph.type(x).shape;
  const auto along = [&](Value value) {  // [B, replicas] -> [B, C, replicas]
    return ops::broadcast(graph, ops::reshape(graph, value, Shape{shape[0], 1, shape[2]}), shape);
  };
  const auto over_classes = [&](const Op& op, Value value) {
    const std::array<Value, 1> operand{value};
    return graph.apply(op, operand, {{"axis", std::int64_t{1}}, {"axes", std::int64_t{1}}})[0];
  };
  const Value shifted = ops::subtract(graph, x, along(over_classes(max_op(), x)));
  const Value exponentials = ops::exp(graph, shifted);
  const Value sums = over_classes(sum_op(), exponentials);
  const Value p = ops::divide(graph, exponentials, along(sums));
  const Value slope = ops::subtract(graph, ops::multiply(graph, p, along(over_classes(sum_op(), t))), t);
  const Value surprise = ops::subtract(graph, along(ops::log(graph, sums)), shifted);
  const Value zero = constant_like(graph, t, 0);
  const Value terms = ops::select(graph, ops::equal(graph, t, zero), zero, ops::multiply(graph, t, surprise));
  return {over_classes(sum_op(), terms), p, slope};
}

constexpr Op kSoftmaxCrossEntropy{
    .name = "softmax_cross_entropy",
    .summary = "the cross-entropy of softmax(logits) with targets, softmax(logits), and the slope of the former",
    .infer = &infer,
    .gradient = &gradient,
    .reference = &reference,
    .kernel = &plan_softmax_cross_entropy,
    .replicate = &replicate,
    .flops = &flops};

}  // namespace

const Op& softmax_cross_entropy_op() { return kSoftmaxCrossEntropy; }

}  // namespace hillock

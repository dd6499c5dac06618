// softmax_cross_entropy {}: logits and targets [B, C] -> loss [B] and probabilities [B, C].
//
// Row by row, with m = max_c x_c, e_c = exp(x_c - m), s = Σ e_c: p_c = e_c / s and
// loss = Σ_c t_c (log s - (x_c - m)), where a term with t_c = 0 is 0 even if x_c is -inf. Sums and maximum run in the
// order of core/reduction.h. No exponential overflows, for x_c - m <= 0.
#include "ops/softmax_cross_entropy/softmax_cross_entropy.h"

#include "core/math.h"
#include "core/reduction.h"
#include "hillock/ops.h"
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
  return {{logits.dtype, Shape{logits.shape[0]}, {}}, {logits.dtype, logits.shape, {}}};
}

// [B] -> [B, C], each element repeated along its row.
Value along_rows(Graph& graph, Value value, const Shape& shape) {
  return ops::broadcast(graph, ops::reshape(graph, value, Shape{shape[0], 1}), shape);
}

// With L the loss that follows, q = ∂L/∂loss and r = ∂L/∂p, and ∂p_k/∂x_c = p_c ([k = c] - p_k):
//   ∂L/∂x_c = q (p_c Σ_k t_k - t_c) + p_c (r_c - Σ_k r_k p_k).
Value logits_gradient(Graph& graph, Value targets, Value p, Value q, Value r) {
  const Shape shape = graph.type(p).shape;
  Value gradient;
  if (q) {
    const Value mass = along_rows(graph, ops::sum(graph, targets, {1}), shape);
    const Value slope = ops::subtract(graph, ops::multiply(graph, p, mass), targets);
    gradient = ops::multiply(graph, along_rows(graph, q, shape), slope);
  }
  if (r) {
    const Value mean = along_rows(graph, ops::sum(graph, ops::multiply(graph, r, p), {1}), shape);
    const Value slope = ops::multiply(graph, p, ops::subtract(graph, r, mean));
    gradient = gradient ? ops::add(graph, gradient, slope) : slope;
  }
  return gradient;
}

// ∂L/∂t_c = q (log s + m - x_c). Where it is differentiated again, the paths through m cancel.
Value targets_gradient(Graph& graph, Value logits, Value q) {
  const Shape shape = graph.type(logits).shape;
  const Value shifted = ops::subtract(graph, logits, along_rows(graph, ops::max(graph, logits, {1}), shape));
  const Value log_sum = ops::log(graph, ops::sum(graph, ops::exp(graph, shifted), {1}));
  return ops::multiply(graph, along_rows(graph, q, shape),
                       ops::subtract(graph, along_rows(graph, log_sum, shape), shifted));
}

std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value logits = graph.node(id).inputs[0];
  const Value targets = graph.node(id).inputs[1];
  const Value p{id, 1};
  return {logits_gradient(graph, targets, p, dout[0], dout[1]),
          dout[0] ? targets_gradient(graph, logits, dout[0]) : Value{}};
}

// x, t, p: [classes].
template <class T>
T reference_row(const T* x, const T* t, T* p, std::int64_t classes) {
  const T largest = reduce_elements<MaxRule, T>(classes, [&](std::int64_t c) { return x[c]; });
  for (std::int64_t c = 0; c < classes; ++c) p[c] = math::exp<T>(x[c] - largest);
  const T sum = reduce_elements<SumRule, T>(classes, [&](std::int64_t c) { return p[c]; });
  for (std::int64_t c = 0; c < classes; ++c) p[c] = p[c] / sum;
  const T log_sum = math::log<T>(sum);
  return reduce_elements<SumRule, T>(
      classes, [&](std::int64_t c) { return t[c] == 0 ? T{0} : t[c] * (log_sum - (x[c] - largest)); });
}

void reference(const ReferenceCall& call) {
  const TensorType& type = call.signature.in[0];
  const std::int64_t classes = type.shape[1];
  visit_float(type.dtype, [&]<class T>(T) {
    for (std::int64_t row = 0; row < type.shape[0]; ++row) {
      static_cast<T*>(call.out[0])[row] = reference_row(static_cast<const T*>(call.in[0]) + row * classes,
                                                        static_cast<const T*>(call.in[1]) + row * classes,
                                                        static_cast<T*>(call.out[1]) + row * classes, classes);
    }
  });
}

// A logit costs a maximum, a difference, an exponential of about 15 operations, a sum, a quotient and its term of the
// loss.
double flops(const OpSignature& signature) { return 22.0 * static_cast<double>(signature.in[0].elements()); }

constexpr Op kSoftmaxCrossEntropy{.name = "softmax_cross_entropy",
                                  .summary = "the cross-entropy of softmax(logits) with targets, and softmax(logits)",
                                  .infer = &infer,
                                  .gradient = &gradient,
                                  .reference = &reference,
                                  .kernel = &plan_softmax_cross_entropy,
                                  .flops = &flops};

}  // namespace

const Op& softmax_cross_entropy_op() { return kSoftmaxCrossEntropy; }

}  // namespace hillock

// The menu of losses. Targets and outputs are [batch, outputs].
#include "hillock/loss.h"

#include <fmt/format.h>

#include <utility>

#include "hillock/ops.h"
#include "nn/named.h"

namespace hillock::nn {

std::vector<NameAndSummary> losses() {
  return {{"mse", "mean squared error over all outputs"},
          {"sse", "half the sum of squared errors over the batch, the loss of the 1986 papers"},
          {"mae", "mean absolute error over all outputs"},
          {"huber", "huber D: half the squared error up to D (1), from there on the line that continues it"},
          {"quantile", "quantile Q: predicts what a share Q of the targets lies below (0.5, the median)"},
          {"logistic", "negative log-likelihood of independent yes/no outputs (sigmoid), mean over rows"},
          {"cross-entropy", "negative log-likelihood of one class among several (softmax), mean over rows"},
          {"hinge", "by how much classes miss a margin of 1 (identity; no probabilities), mean over rows"}};
}

std::string_view name_of(LossKind kind) {
  static const std::vector<NameAndSummary> menu = losses();
  return menu[static_cast<std::size_t>(kind)].name;
}

LossKind loss_from_name(std::string_view name) { return static_cast<LossKind>(find_in_menu("loss", losses(), name)); }

double default_parameter(LossKind kind) {
  if (kind == LossKind::huber) return 1;
  return kind == LossKind::quantile ? 0.5 : 0;
}

namespace {

void require_parameter(LossKind kind, double parameter) {
  const bool fits = kind == LossKind::quantile ? parameter > 0 && parameter < 1 : parameter > 0 && parameter <= 1e300;
  if (default_parameter(kind) == 0 || fits) return;
  throw Error(fmt::format("loss: {} {} is out of range; give a number {}", name_of(kind), parameter,
                          kind == LossKind::quantile ? "above 0 and below 1" : "above 0"));
}

}  // namespace

NamedLoss named_loss(std::string_view text) {
  const NameAndNumbers words = name_and_numbers("loss", text);
  NamedLoss loss{.kind = loss_from_name(words.name)};
  loss.parameter = default_parameter(loss.kind);
  require_at_most("loss", words, loss.parameter == 0 ? 0 : 1);
  if (!words.numbers.empty()) loss.parameter = words.numbers[0];
  require_parameter(loss.kind, loss.parameter);
  return loss;
}

std::string to_string(const NamedLoss& loss) {
  if (default_parameter(loss.kind) == 0) return std::string(name_of(loss.kind));
  return fmt::format("{} {}", name_of(loss.kind), loss.parameter);
}

std::optional<Activation> required_output(LossKind kind) {
  if (kind == LossKind::logistic) return Activation::sigmoid;
  if (kind == LossKind::cross_entropy) return Activation::softmax;
  if (kind == LossKind::hinge) return Activation::identity;
  return {};
}

namespace {

void require_same_shape(const Graph& graph, const Output& out, Value targets) {
  if (graph.type(out.prediction).shape == graph.type(targets).shape) return;
  throw Error(fmt::format("loss: the network gives {} and the targets are {}; they must have the same shape",
                          graph.type(out.prediction).shape.to_string(), graph.type(targets).shape.to_string()));
}

Value squared_error(Graph& graph, const Output& out, Value targets) {
  const Value difference = ops::subtract(graph, out.prediction, targets);
  return ops::multiply(graph, difference, difference);
}

// With q = min(|e|, delta): q (|e| - q / 2), which is ½ e² up to delta and delta (|e| - ½ delta) beyond.
Value huber(Graph& graph, const Output& out, Value targets, double delta) {
  const Value error = ops::abs(graph, ops::subtract(graph, out.prediction, targets));
  const TensorType type = graph.type(error);
  const Value bounded = ops::minimum(graph, error, ops::constant(graph, type.dtype, type.shape, delta));
  const Value rest = ops::subtract(graph, error, ops::multiply(graph, bounded, 0.5));
  return ops::multiply(graph, bounded, rest);
}

Value quantile(Graph& graph, const Output& out, Value targets, double share) {
  const Value error = ops::subtract(graph, targets, out.prediction);
  const Value below = ops::multiply(graph, error, share);
  const Value above = ops::multiply(graph, error, share - 1);
  return ops::maximum(graph, below, above);
}

// For one output: the targets 0 and 1 stand for -1 and 1.
Value hinge_of_two(Graph& graph, const Output& out, Value targets) {
  const Value sign = ops::add(graph, ops::multiply(graph, targets, 2), -1);
  const Value agreement = ops::multiply(graph, sign, out.logits);
  return ops::relu(graph, ops::add(graph, ops::negate(graph, agreement), 1));
}

// For several outputs and one-hot targets. The true class itself would contribute 1 and is masked out.
Value hinge(Graph& graph, const Output& out, Value targets) {
  const Value z = out.logits;
  const Shape shape = graph.type(z).shape;
  if (shape[1] == 1) return hinge_of_two(graph, out, targets);
  const Value of_true = ops::sum(graph, ops::multiply(graph, targets, z), {1});
  const Value column = ops::reshape(graph, of_true, {shape[0], 1});
  const Value missed = ops::relu(graph, ops::add(graph, ops::subtract(graph, z, column), 1));
  const Value others = ops::add(graph, ops::negate(graph, targets), 1);
  return ops::multiply(graph, missed, others);
}

// -(t log σ(z) + (1 - t) log(1 - σ(z))) = softplus(z) - t z
Value logistic(Graph& graph, const Output& out, Value targets) {
  // A named variable, so that every compiler evaluates in this order: gradients are added in the order of the nodes.
  const Value softplus = ops::softplus(graph, out.logits);
  const Value product = ops::multiply(graph, targets, out.logits);
  const Value terms = ops::subtract(graph, softplus, product);
  return ops::sum(graph, terms, {1});
}

Value cross_entropy(Graph& graph, const Output& out, Value targets, double smoothing) {
  const std::int64_t classes = graph.type(targets).shape[1];
  if (smoothing > 0) {
    targets = ops::add(graph, ops::multiply(graph, targets, 1 - smoothing), smoothing / static_cast<double>(classes));
  }
  return ops::softmax_cross_entropy(graph, out.logits, targets).loss;
}

}  // namespace

Value weighted_terms(Graph& graph, const RowLoss& rows, const Output& out, Value targets) {
  Value terms = rows.terms(graph, out, targets);
  const TensorType type = graph.type(terms);
  const std::int64_t batch = graph.type(out.logits).shape[0];
  if (!is_float(type.dtype) || type.shape.rank() < 1 || type.shape.rank() > 2 || type.shape[0] != batch) {
    throw Error(
        fmt::format("loss: what rows lose is {}; give numbers [{}], or some for each row", type.to_string(), batch));
  }
  if (!out.weights) return terms;
  if (type.shape.rank() == 2) terms = rows.mean ? ops::mean(graph, terms, {1}) : ops::sum(graph, terms, {1});
  return ops::multiply(graph, terms, out.weights);
}

Loss::Loss(RowLoss rows, bool margins) : rows_(std::move(rows)), margins_(margins) {
  if (!rows_->terms) throw Error("loss: nothing says what a row loses; give RowLoss::terms");
  function_ = [rows = *rows_](Graph& graph, const Output& out, Value targets) -> Value {
    const Value terms = weighted_terms(graph, rows, out, targets);
    const Value reduced = rows.mean ? ops::mean(graph, terms) : ops::sum(graph, terms);
    return rows.factor == 1 ? reduced : ops::multiply(graph, reduced, rows.factor);
  };
}

Loss loss(LossKind kind, LossOptions options) {
  if (!(options.label_smoothing >= 0 && options.label_smoothing < 1)) {
    throw Error(fmt::format("loss: label smoothing {} must be at least 0 and below 1", options.label_smoothing));
  }
  if (options.label_smoothing > 0 && kind != LossKind::cross_entropy) {
    throw Error(fmt::format("loss: label smoothing goes with cross-entropy, not with {}", name_of(kind)));
  }
  if (options.parameter == 0) options.parameter = default_parameter(kind);
  require_parameter(kind, options.parameter);
  const auto terms = [kind, options](Graph& graph, const Output& out, Value targets) -> Value {
    require_same_shape(graph, out, targets);
    switch (kind) {
      case LossKind::mse:
      case LossKind::sse: return squared_error(graph, out, targets);
      case LossKind::mae: return ops::abs(graph, ops::subtract(graph, out.prediction, targets));
      case LossKind::huber: return huber(graph, out, targets, options.parameter);
      case LossKind::quantile: return quantile(graph, out, targets, options.parameter);
      case LossKind::logistic: return logistic(graph, out, targets);
      case LossKind::cross_entropy: return cross_entropy(graph, out, targets, options.label_smoothing);
      case LossKind::hinge: return hinge(graph, out, targets);
    }
    return {};
  };
  const bool sum = kind == LossKind::sse;
  return {RowLoss{.terms = terms, .mean = !sum, .factor = sum ? 0.5 : 1}, kind == LossKind::hinge};
}

}  // namespace hillock::nn

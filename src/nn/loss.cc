// The menu of losses. Targets and outputs are [batch, outputs].
#include <fmt/format.h>

#include "hillock/ops.h"
#include "nn/named.h"

namespace hillock::nn {

std::vector<NameAndSummary> losses() {
  return {{"mse", "mean squared error over all outputs"},
          {"sse", "half the sum of squared errors over the batch, the loss of the 1986 papers"},
          {"mae", "mean absolute error over all outputs"},
          {"logistic", "negative log-likelihood of independent yes/no outputs (sigmoid), mean over rows"},
          {"cross-entropy", "negative log-likelihood of one class among several (softmax), mean over rows"}};
}

std::string_view name_of(LossKind kind) {
  static const std::vector<NameAndSummary> menu = losses();
  return menu[static_cast<std::size_t>(kind)].name;
}

LossKind loss_from_name(std::string_view name) { return static_cast<LossKind>(find_in_menu("loss", losses(), name)); }

std::optional<Activation> required_output(LossKind kind) {
  if (kind == LossKind::logistic) return Activation::sigmoid;
  if (kind == LossKind::cross_entropy) return Activation::softmax;
  return {};
}

namespace {

void require_same_shape(const Graph& graph, const Output& out, Value targets) {
  if (graph.type(out.prediction).shape == graph.type(targets).shape) return;
  throw Error(fmt::format("loss: the network gives {} and the targets are {}; they must have the same shape",
                          graph.type(out.prediction).shape.to_string(), graph.type(targets).shape.to_string()));
}

// `rows` [batch], each times its weight.
Value weighted(Graph& graph, Value rows, Value weights) { return weights ? ops::multiply(graph, rows, weights) : rows; }

// The mean over all `terms` [batch, outputs]. Without weights there is one reduction, not one a row.
Value mean_of_all(Graph& graph, Value terms, Value weights) {
  return ops::mean(graph, weights ? weighted(graph, ops::mean(graph, terms, {1}), weights) : terms);
}

Value sum_of_all(Graph& graph, Value terms, Value weights) {
  return ops::sum(graph, weights ? weighted(graph, ops::sum(graph, terms, {1}), weights) : terms);
}

Value squared_error(Graph& graph, const Output& out, Value targets) {
  const Value difference = ops::subtract(graph, out.prediction, targets);
  return ops::multiply(graph, difference, difference);
}

// -(t log σ(z) + (1 - t) log(1 - σ(z))) = softplus(z) - t z
Value logistic(Graph& graph, const Output& out, Value targets) {
  // Named, for their order to be the same with every compiler: gradients are added up in the order of the nodes.
  const Value softplus = ops::softplus(graph, out.logits);
  const Value product = ops::multiply(graph, targets, out.logits);
  const Value terms = ops::subtract(graph, softplus, product);
  return ops::mean(graph, weighted(graph, ops::sum(graph, terms, {1}), out.weights));
}

Value cross_entropy(Graph& graph, const Output& out, Value targets, double smoothing) {
  const std::int64_t classes = graph.type(targets).shape[1];
  if (smoothing > 0) {
    targets = ops::add(graph, ops::multiply(graph, targets, 1 - smoothing), smoothing / static_cast<double>(classes));
  }
  const Value rows = ops::softmax_cross_entropy(graph, out.logits, targets).loss;
  return ops::mean(graph, weighted(graph, rows, out.weights));
}

}  // namespace

Loss loss(LossKind kind, LossOptions options) {
  if (!(options.label_smoothing >= 0 && options.label_smoothing < 1)) {
    throw Error(fmt::format("loss: label smoothing {} must be at least 0 and below 1", options.label_smoothing));
  }
  if (options.label_smoothing > 0 && kind != LossKind::cross_entropy) {
    throw Error(fmt::format("loss: label smoothing goes with cross-entropy, not with {}", name_of(kind)));
  }
  return [kind, options](Graph& graph, const Output& out, Value targets) -> Value {
    require_same_shape(graph, out, targets);
    switch (kind) {
      case LossKind::mse: return mean_of_all(graph, squared_error(graph, out, targets), out.weights);
      case LossKind::sse:
        return ops::multiply(graph, sum_of_all(graph, squared_error(graph, out, targets), out.weights), 0.5);
      case LossKind::mae:
        return mean_of_all(graph, ops::abs(graph, ops::subtract(graph, out.prediction, targets)), out.weights);
      case LossKind::logistic: return logistic(graph, out, targets);
      case LossKind::cross_entropy: return cross_entropy(graph, out, targets, options.label_smoothing);
    }
    return {};
  };
}

}  // namespace hillock::nn

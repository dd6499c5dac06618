// Loss functions: the quantity that training minimizes.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "hillock/activation.h"
#include "hillock/graph.h"
#include "hillock/menu.h"

namespace hillock::nn {

// What a loss is computed from: the network's outputs before (`logits`) and after (`prediction`) the output activation,
// both [batch, outputs], and in a weighted step the rows' `weights` [batch] of the same dtype. Otherwise `weights`
// refers to nothing.
struct Output {
  Value logits;
  Value prediction;
  Value weights{};
};

// A function from the network's outputs and the targets to the loss. It must be copyable and callable when const: a
// lambda that is declared `mutable` is refused.
template <class F>
concept LossFunction = std::copy_constructible<std::remove_cvref_t<F>> &&
    requires(const std::remove_cvref_t<F>& function, Graph& graph, const Output& out, Value targets) {
  { function(graph, out, targets) } -> std::same_as<Value>;
};

// A loss that is the mean or sum over rows of a term per row. All built-in losses are of this kind, and it is the best
// way to write your own: weights of rows are applied for you, and evaluation computes it block by block, in memory that
// does not grow with the number of rows.
struct RowLoss {
  // The terms: [batch], or [batch, outputs], which is reduced over both axes. Row r may depend only on row r of `out`
  // and `targets`, and not on out.weights.
  std::function<Value(Graph& graph, const Output& out, Value targets)> terms;
  bool mean = true;   // true: the mean of the terms; false: their sum
  double factor = 1;  // multiplies the result
};

// A loss: from outputs and targets [batch, outputs] to a scalar. Make your own from a RowLoss or from any LossFunction.
// A function that is to be trained with weighted rows must itself multiply each row's loss by out.weights before it
// reduces over the rows. Evaluating a function holds the outputs and targets of all rows in memory, because it may
// depend on all of them at once.
class Loss {
 public:
  using Function = std::function<Value(Graph& graph, const Output& out, Value targets)>;

  Loss() = default;
  Loss(RowLoss rows, bool margins = false);
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, Loss> && LossFunction<F>) Loss(F&& function, bool margins = false)
      : function_(std::forward<F>(function)), margins_(margins) {}

  explicit operator bool() const { return static_cast<bool>(function_); }
  Value operator()(Graph& graph, const Output& out, Value targets) const { return function_(graph, out, targets); }
  // The RowLoss it was made from; nullptr if it was made from a function.
  const RowLoss* by_row() const { return rows_ ? &*rows_ : nullptr; }
  // Whether the outputs of a network trained with it are margins (above 0 in favour of a class), not probabilities.
  bool margins() const { return margins_; }

 private:
  Function function_;
  std::optional<RowLoss> rows_;
  bool margins_ = false;
};

// The terms of `rows`, multiplied by out.weights if there are any: [batch], or [batch, outputs] without weights. The
// loss is their mean or sum, times the factor. Throws Error if the terms do not have one of these shapes.
Value weighted_terms(Graph& graph, const RowLoss& rows, const Output& out, Value targets);

enum class LossKind : std::uint8_t { mse, sse, mae, huber, quantile, logistic, cross_entropy, hinge };
std::vector<NameAndSummary> losses();
std::string_view name_of(LossKind kind);
LossKind loss_from_name(std::string_view name);  // throws Error, which suggests the nearest name, if unknown
// The default of the loss's parameter: 1 for huber, 0.5 for quantile, and 0 for losses without a parameter.
double default_parameter(LossKind kind);

// A loss by name and parameter: "mse", "huber", "huber 0.5", "quantile 0.9".
struct NamedLoss {
  LossKind kind = LossKind::mse;
  double parameter = 0;  // default_parameter(kind) unless given
};
// Throws Error if the name is unknown, the loss has no parameter but one is given, or the parameter is out of range.
NamedLoss named_loss(std::string_view text);
std::string to_string(const NamedLoss& loss);  // the inverse of named_loss()

struct LossOptions {
  double label_smoothing = 0;  // cross_entropy: targets become (1 - s) t + s / classes (Szegedy et al. 2016)
  double parameter = 0;        // huber: delta, above 0. quantile: the quantile q, within (0, 1). 0: the default
};
// With p the prediction, t the target and z the logit, mean over rows unless stated otherwise:
// - mse: (p - t)², mean over all elements.
// - sse: ½ Σ (p - t)², summed over the batch (Rumelhart et al. 1986).
// - mae: |p - t|, mean over all elements.
// - huber: with e = |p - t|, ½ e² if e is at most delta, else delta (e - ½ delta), mean over all elements (Huber 1964).
// - quantile: max(q e, (q - 1) e) with e = t - p, mean over all elements; it is least if p is the quantile q of t
//   (Koenker & Bassett 1978).
// - logistic: -Σ_outputs (t log p + (1 - t) log(1 - p)) with p = sigmoid(z). Requires the output activation sigmoid.
// - cross_entropy: -Σ_outputs t log softmax(z). Requires the output activation softmax.
// - hinge: with one output max(0, 1 - y z), y = 2 t - 1 (Cortes & Vapnik 1995); with K outputs
//   1/K Σ_{k ≠ c} max(0, 1 - z_c + z_k), c the true class (Weston & Watkins 1999; PyTorch's MultiMarginLoss). Requires
//   the output activation identity.
// logistic and cross_entropy are computed from the logits. Weights multiply each row's terms; a mean still divides by
// the number of rows, not by the sum of the weights.
Loss loss(LossKind kind, LossOptions options = {});
// The output activation that `kind` requires, if any.
std::optional<Activation> required_output(LossKind kind);

}  // namespace hillock::nn

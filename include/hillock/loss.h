// The losses: what a network is trained to make small.
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

// What a loss looks at: what a network gives, `logits` before the output activation, `prediction` after it, both
// [batch, outputs]; and where rows do not all count alike, `weights` [batch] of the same dtype (else it refers to
// nothing).
struct Output {
  Value logits;
  Value prediction;
  Value weights{};
};

// A function from what a network gives and the targets to the loss.
template <class F>
concept LossFunction = std::copy_constructible<std::remove_cvref_t<F>> &&
    requires(const std::remove_cvref_t<F>& function, Graph& graph, const Output& out, Value targets) {
  { function(graph, out, targets) } -> std::same_as<Value>;
};

// What each row loses by itself, and how that becomes one number: as all losses of the menu are, and the best way to
// write one's own. Weights of rows are taken care of, and rows are judged block by block, however many there are.
struct RowLoss {
  // [batch] or [batch, outputs], over which it is averaged or summed too. Row r depends on row r of `out` and `targets`
  // alone, and not on out.weights.
  std::function<Value(Graph& graph, const Output& out, Value targets)> terms;
  bool mean = true;   // over the batch; false: the sum
  double factor = 1;  // of the result
};

// From outputs and targets [batch, outputs] to a scalar. Your own is a RowLoss or any function of this kind. Such a
// function, if it is to be trained with weights, multiplies what each row loses by out.weights before it averages or
// sums over the rows; where it judges rows, outputs and targets of all of them are held in memory.
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
  // What it was made of; nullptr where it is a function of all rows at once.
  const RowLoss* by_row() const { return rows_ ? &*rows_ : nullptr; }
  // Whether a network trained with it gives margins for classes, in favour of a class above 0, and no probabilities.
  bool margins() const { return margins_; }

 private:
  Function function_;
  std::optional<RowLoss> rows_;
  bool margins_ = false;
};

// The terms of `rows` times the weights, where there are any: [batch], or [batch, outputs] without weights. The loss is
// their mean or sum, times the factor. Throws Error if they are not one or some for each row.
Value weighted_terms(Graph& graph, const RowLoss& rows, const Output& out, Value targets);

enum class LossKind : std::uint8_t { mse, sse, mae, huber, quantile, logistic, cross_entropy, hinge };
std::vector<NameAndSummary> losses();
std::string_view name_of(LossKind kind);
LossKind loss_from_name(std::string_view name);  // throws Error (with the nearest name) if unknown
// What the number of a loss is where none is given: 1 for huber, 0.5 for quantile; 0 for losses that have none.
double default_parameter(LossKind kind);

// A loss as one writes it: "mse", "huber", "huber 0.5", "quantile 0.9".
struct NamedLoss {
  LossKind kind = LossKind::mse;
  double parameter = 0;  // default_parameter(kind) unless given
};
// Throws Error if the name is unknown, the loss takes no number, or the number is out of range.
NamedLoss named_loss(std::string_view text);
std::string to_string(const NamedLoss& loss);  // named_loss() reads it back

struct LossOptions {
  double label_smoothing = 0;  // cross_entropy: targets become (1 - s) t + s / classes (Szegedy et al. 2016)
  double parameter = 0;        // huber: delta, above 0. quantile: the share below, within (0, 1). 0: the default
};
// mse: mean over all elements of (p - t)². sse: ½ Σ (p - t)² over the batch (Rumelhart et al. 1986). mae: mean |p - t|.
// huber: mean of ½ e² where |e| = |p - t| is at most delta, else delta (|e| - ½ delta) (Huber 1964). quantile: mean of
// max(q e, (q - 1) e), e = t - p, which is least where p is the quantile q of t (Koenker & Bassett 1978).
// logistic: -Σ_outputs (t log p + (1 - t) log(1 - p)), p = sigmoid(logits), mean over rows. cross_entropy: -Σ t log
// softmax(logits), mean over rows. These two use the logits, so the output activation must be sigmoid or softmax.
// hinge, output identity: with one output max(0, 1 - y z), y = 2 t - 1 (Cortes & Vapnik 1995); with K outputs
// 1/K Σ_{k ≠ c} max(0, 1 - z_c + z_k), c the true class (Weston & Watkins 1999; PyTorch's MultiMarginLoss); mean over
// rows.
// With weights each row's terms are multiplied by its weight; a mean still divides by the number of rows, not by the
// sum of the weights.
Loss loss(LossKind kind, LossOptions options = {});
// The output activation that `kind` requires, if it requires one.
std::optional<Activation> required_output(LossKind kind);

}  // namespace hillock::nn

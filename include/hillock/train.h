// Training: one step as a building block, the trainer that ties steps to epochs, and metrics.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/network.h"
#include "hillock/nn.h"
#include "hillock/optim.h"

namespace hillock {

// Rows to train on or to judge by; the tensors are owned by the caller, must outlive the use and not change during it
// (another thread may be reading rows that come later). Targets are class numbers (i32 [rows], with a range) or numbers
// ([rows, outputs], the network's dtype). Weights say how much each row counts, like so many copies of it; only their
// ratios matter (docs/training.md).
struct Examples {
  const Tensor* features = nullptr;  // [rows, …input], the network's dtype
  const Tensor* targets = nullptr;
  const Tensor* weights =
      nullptr;  // [rows], the network's dtype, finite, ≥ 0, not all 0; nullptr: all rows count alike
  std::int64_t rows() const { return features->shape()[0]; }
};

struct StepOptions {
  nn::Loss loss;
  Optimizer optimizer;
  double clip_norm = 0;  // 0: no clipping
  bool fuse = true;
  bool weighted = false;  // run() takes a weight for each row; the trainer sets it by its rows
  bool watch = false;     // keep what layers compute and the gradients by it: TrainingStep::watched()
  // How many the whole run has, for numbers that layers ask for (nn::Progress); 0: not known. The trainer sets it.
  std::int64_t steps = 0;
  SessionOptions session{};
};

// What a layer computed in a step (StepOptions::watch) and the gradient of the loss by it, both of `type`.
struct LayerValue {
  nn::TapPoint point;
  TensorType type;
  const void* value = nullptr;
  const void* gradient = nullptr;  // nullptr: the loss is not computed from it (but from the z before it)
  TensorType in_type{};
  const void* in = nullptr;  // what the layer was given
};

// One training step for a fixed batch size: forward, backward and update in one plan, over the network's store. Several
// steps (for different batch sizes) may share a network and take turns. Write your own loop with it:
//
//   TrainingStep step(network, 32, class_labels, {.loss = …, .optimizer = adam()});
//   for (…) step.run(features, labels, ++number, rate);
class TrainingStep {
 public:
  // `targets` is the type of the targets of one batch. Adds the optimizer's slots to the network's store. Throws Error
  // if network, loss and targets do not fit together.
  TrainingStep(Network& network, std::int64_t batch, const TensorType& targets, StepOptions options);
  ~TrainingStep();
  TrainingStep(TrainingStep&&) noexcept;

  // Step number `step` (the first is 1) on `features` [batch, …input] and `targets`. Returns the loss before the
  // update. If it or any element of the gradient is NaN or infinite, nothing is updated. `seed` and `first_row`
  // determine the step's random numbers. `weights` [batch], in the network's dtype, is what each row's loss is
  // multiplied by; a weighted step needs them and no other takes them (Error).
  double run(const void* features, const void* targets, std::int64_t step, double rate, std::uint64_t seed = 0,
             std::int64_t first_row = 0, const void* weights = nullptr);
  // Whether the last run updated the state; after evaluate() whether apply() will.
  bool updated() const;
  // The same in two parts. evaluate() computes loss and gradient and leaves every state as it was; apply() then updates
  // parameters, slots and statistics as the last evaluate() has computed them, at most once for each.
  double evaluate(const void* features, const void* targets, std::int64_t step, double rate, std::uint64_t seed = 0,
                  std::int64_t first_row = 0, const void* weights = nullptr);
  void apply();

  // Its outputs are the loss and the gradient, all parameters one after another.
  const Plan& plan() const;
  const Graph& graph() const;
  Value loss() const;  // of graph()
  // With StepOptions::watch what the layers computed in the last run, in their order; pointers are valid until the
  // next. Bits of loss, gradient and update are the same with and without.
  std::vector<LayerValue> watched() const;
  // All parameters' gradient from the last run, one after another in the network's dtype; valid until the next.
  const void* gradient() const;
  // Replays a step through the naive run and describes the first value that is not finite; empty if all are.
  std::string explain_not_finite(const void* features, const void* targets, std::int64_t step, double rate,
                                 std::uint64_t seed = 0, std::int64_t first_row = 0,
                                 const void* weights = nullptr) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// --- metrics ---

// Bins of Metrics::calibration_error, and the shares of rows of Metrics::error_quantiles.
inline constexpr std::size_t kCalibrationBins = 15;
inline constexpr std::array kErrorShares{0.5, 0.9, 0.95};

struct Metrics {
  double loss = 0;  // the training loss, without penalties, with all rows as one batch and weights of mean 1
  std::int64_t rows = 0;
  // classification
  double accuracy = 0;
  double log_loss = 0;
  std::optional<double> auc{};  // two classes, both present, and no score that is NaN
  // Expected calibration error (Guo et al. 2017): the mean distance, over 15 bins of equal width by the probability of
  // the predicted class, between this probability and the share of rows that are right. NaN for margins.
  double calibration_error = 0;
  // By class. A class without rows has no recall, one that is never predicted no precision, one that is neither no F1:
  // NaN.
  std::vector<double> recall{}, precision{}, f1{};
  std::vector<std::vector<std::int64_t>> confusion{};  // [true class][predicted class]
  // regression, in the units of the targets
  double rmse = 0;
  double mae = 0;
  double r2 = 0;
  // For each of kErrorShares the smallest absolute error that at least this share of the rows (by weight) does not
  // exceed; NaN where a prediction is.
  std::vector<double> error_quantiles{};
};

// For targets that were standardized before training: prediction * factor + offset is in the original units.
struct TargetScale {
  double offset = 0;
  double factor = 1;
};

// Judges `predictions` ([rows, outputs], after the output activation) against `targets`. `loss` is left at 0.
// Classification with one output: class 1 where it exceeds ½, with `margins` (nn::Loss::margins) where it exceeds 0;
// margins have no log_loss and no calibration_error (NaN). With `weights` ([rows], floats ≥ 0, not all 0) accuracy,
// log_loss, auc, calibration_error, rmse, mae, r2 and error_quantiles count each row so often; recall, precision, f1
// and confusion count rows as they are.
Metrics classification_metrics(const Tensor& predictions, const Tensor& labels, const Tensor* weights = nullptr,
                               bool margins = false);
Metrics regression_metrics(const Tensor& predictions, const Tensor& targets, TargetScale scale = {},
                           const Tensor* weights = nullptr);

// Loss and metrics of a network, without dropout. Class labels mean classification, numbers regression. Throws Error if
// the examples do not fit the network.
Metrics evaluate(const Network& network, const nn::Loss& loss, const Examples& examples, TargetScale scale = {},
                 const SessionOptions& options = {});

// How much better one set of predictions is than another for the same rows, by the paired bootstrap (Efron & Tibshirani
// 1993, chapter 13): rows are drawn anew with replacement, the same for both, and the difference is computed again. The
// metric is AUC for two classes, accuracy for more, RMSE for numbers.
struct Comparison {
  std::string_view metric;  // "auc", "accuracy", "rmse"
  double ours = 0, theirs = 0;
  double difference = 0;     // positive where ours is better: ours − theirs, for rmse theirs − ours
  double low = 0, high = 0;  // from the 2.5th to the 97.5th percentile of the differences of the resamples
  std::int64_t rows = 0;
  std::int64_t resamples = 0;

  double half_width() const { return (high - low) / 2; }
  bool better() const { return low > 0; }
  bool worse() const { return high < 0; }
};

// Both predictions are [rows, outputs] after the output activation, as classification_metrics and regression_metrics
// take them; `weights` too. 1000 resamples, fewer (at least 100) above 15 000 rows, drawn by `seed`: the same
// arguments give the same numbers. Nothing if there are fewer than two rows, if a prediction is NaN, or if AUC has only
// one class to judge. Throws Error if the shapes do not fit.
std::optional<Comparison> compare_predictions(const Tensor& ours, const Tensor& theirs, const Tensor& targets,
                                              std::uint64_t seed, TargetScale scale = {},
                                              const Tensor* weights = nullptr);

// Hidden units whose activation is flat, so that training no longer moves them, for every row looked at: a relu that
// gives 0, an elu, selu, gelu, silu, mish or softplus far down, where its slope is below 0.01 of its largest, a sigmoid
// or tanh within 0.01 of one of its ends.
struct StuckUnits {
  std::string layer;  // "dense1"
  nn::Activation activation = nn::Activation::identity;
  std::int64_t units = 0, stuck = 0;
  std::int64_t rows = 0;  // looked at
};
// Of every activation in the network's layers that can be flat, in order, also where no unit is stuck. Looks at 10 000
// of the rows [rows, …input] at most, evenly spaced. Throws Error if the rows do not fit the network.
std::vector<StuckUnits> find_stuck_units(const Network& network, const Tensor& rows,
                                         const SessionOptions& options = {});

// --- trainer ---

enum class StopReason : std::uint8_t { epochs, target_loss, patience, interrupted, callback, not_finite, converged };
std::string_view name_of(StopReason reason);

struct EpochReport {
  std::int64_t epoch = 0;  // the first is 1
  std::int64_t epochs = 0;
  std::int64_t steps = 0;  // so far
  double train_loss = 0;   // mean over the epoch's rows by their weights, each at the parameters of its step (L-BFGS:
                           // after it)
  std::optional<Metrics> validation;
  double rate = 0;
  double seconds = 0;  // since the start
  bool best = false;   // the validation loss is the lowest so far
};

struct StepReport {
  std::int64_t epoch = 0, step = 0, steps_in_epoch = 0, steps_done_in_epoch = 0, epochs = 0;
  double loss = 0;
  double seconds = 0;
  // That was run: its gradient() and watched() are those of this step, during the callback. With L-BFGS they are of the
  // last point that the line search looked at.
  const TrainingStep* training_step = nullptr;
};

struct TrainOptions {
  StepOptions step;
  std::int64_t epochs = 100;
  std::int64_t batch_size = 32;  // 0: all rows. A smaller last batch is trained on too.
  double rate = 1e-3;
  Schedule schedule{};
  bool shuffle = true;  // a new order every epoch, from the seed
  std::uint64_t seed = 0;
  std::int64_t patience = 0;            // stop after this many epochs without a lower validation loss; 0: never
  std::optional<double> target_loss{};  // stop when an epoch's training loss is at most this
  TargetScale target_scale{};
  // Whether a thread of its own gathers shuffled batches ahead of their step. Unset: where it pays. The same bits
  // either way.
  std::optional<bool> gather_ahead{};

  // Called after every epoch; return false to stop. May be empty.
  std::function<bool(const EpochReport&)> on_epoch{};
  // Called after every step, cheap ones only. May be empty.
  std::function<void(const StepReport&)> on_step{};
  // When it becomes true training stops after the step it is in. May be nullptr.
  const std::atomic<bool>* interrupt = nullptr;
};

struct TrainResult {
  StopReason stopped = StopReason::epochs;
  std::string explanation;  // for not_finite: what went wrong first
  bool finite = true;       // whether every weight is: false only with not_finite, by an update that overflowed
  std::int64_t epochs = 0;  // finished
  std::int64_t steps = 0;
  double seconds = 0;
  bool best_weights = false;  // the weights are those of the epoch with the lowest validation loss; else the last
  std::int64_t best_epoch = 0;
  // Of the last finished epoch, and of the best one.
  double train_loss = 0, best_train_loss = 0;
  std::optional<double> validation_loss{}, best_validation_loss{};
};

// With L-BFGS each epoch is one iteration over all rows, in their order; it may end with StopReason::converged, where
// no step lowers the loss any more. Throws Error if batch_size is less than all rows, if gradients are to be clipped,
// or if the network draws random numbers (dropout).
//
// Trains `network` in place, the optimizer's slots starting at zero. With validation rows it ends with the weights of
// the best epoch, otherwise with the last; if the loss or the gradient becomes NaN or infinite it stops with the
// weights before that step (or the best so far). An update that overflows, finite rate times finite gradient, is found
// when the next step's loss is looked at or at the end of the epoch. The result depends on data, options and the
// network's initial weights only: not on threads or timing. Rows' weights are brought to a mean of 1 first; a batch
// loses Σ weight × loss / rows. Throws Error before the first step if the data do not fit the network.
class Trainer {
 public:
  Trainer(Network& network, TrainOptions options);
  TrainResult fit(const Examples& train, std::optional<Examples> validation = {});

 private:
  Network& network_;
  TrainOptions options_;
};

// --- the rate ---

struct RateTestOptions {
  double lowest = 1e-6, highest = 10;
  std::int64_t steps = 240;  // from the lowest to the highest, by the same factor each
};

struct RateTest {
  double rate = 0;                    // that suits
  std::vector<double> rates, losses;  // of each step; losses are smoothed. It ends early where the loss explodes.
};

// A range test (Smith 2017): trains a copy of `network` while the rate rises geometrically, with the loss, optimizer,
// batch size and seed of `options`, and looks at how the smoothed loss falls and explodes. L-BFGS, whose line search
// finds the length of each step, gets 1 without a test. The result depends on data, options and the network's weights
// only. Throws Error if the loss is not finite at the lowest rate already, or as TrainingStep does.
RateTest find_rate(const Network& network, const TrainOptions& options, const Examples& train,
                   const RateTestOptions& test = {});

}  // namespace hillock

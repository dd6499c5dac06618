// Training: the trainer, which runs training steps in epochs, its options and its reports.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "hillock/metrics.h"
#include "hillock/optim.h"
#include "hillock/step.h"

namespace hillock {

enum class StopReason : std::uint8_t { epochs, target_loss, patience, interrupted, callback, not_finite, converged };
std::string_view name_of(StopReason reason);

struct EpochReport {
  std::int64_t epoch = 0;   // the epoch that has ended; the first is 1
  std::int64_t epochs = 0;  // TrainOptions::epochs
  std::int64_t steps = 0;   // training steps so far
  // The mean loss over the epoch's rows, by their weights, each with the parameters before the step that used it (with
  // L-BFGS: after it).
  double train_loss = 0;
  std::optional<Metrics> validation;
  double rate = 0;
  double seconds = 0;  // since the start of training
  bool best = false;   // whether the validation loss is the lowest so far
};

struct StepReport {
  std::int64_t epoch = 0, step = 0, steps_in_epoch = 0, steps_done_in_epoch = 0, epochs = 0;
  double loss = 0;
  double seconds = 0;
  // The step that has run, whose gradient() and watched() may be read during the callback. With L-BFGS they belong to
  // the last point that the line search evaluated.
  const TrainingStep* training_step = nullptr;

  // The completed fraction of all epochs, from 0 to 1.
  double done() const;
};

struct TrainOptions {
  StepOptions step;
  std::int64_t epochs = 100;
  // Rows per training step; 0: all rows. The last batch of an epoch may be smaller and is trained on too. The memory of
  // a step grows with its rows: the plan holds the intermediate values of the whole batch, and rows that are not
  // consecutive in memory are copied into it.
  std::int64_t batch_size = 32;
  double rate = 1e-3;
  Schedule schedule{};
  bool shuffle = true;  // a new order of rows in every epoch, determined by the seed
  std::uint64_t seed = 0;
  std::int64_t patience = 0;            // stop after this many epochs without a lower validation loss; 0: never
  std::optional<double> target_loss{};  // stop when an epoch's training loss is at most this
  TargetScale target_scale{};
  // Whether layers are fitted to the training rows before the first step (nn::Scope::fit). Set it to false to continue
  // training a network, whose layers then keep what they have learned.
  bool fit_layers = true;
  // Whether a separate thread gathers shuffled batches ahead of their steps. Unset: if that is faster. Does not affect
  // results.
  std::optional<bool> gather_ahead{};

  // Called after every epoch; return false to stop. May be empty.
  std::function<bool(const EpochReport&)> on_epoch{};
  // Called after every training step; must be fast. May be empty.
  std::function<void(const StepReport&)> on_step{};
  // Training stops after the current step when this becomes true. May be nullptr.
  const std::atomic<bool>* interrupt = nullptr;
};

struct TrainResult {
  StopReason stopped = StopReason::epochs;
  std::string explanation;  // for not_finite: the first value that was not finite, and where
  bool finite = true;       // whether every weight is finite; false only for not_finite, if an update overflowed
  std::int64_t epochs = 0;  // completed epochs
  std::int64_t steps = 0;
  double seconds = 0;
  bool best_weights = false;  // true: the weights are those of the epoch with the lowest validation loss, else the last
  std::int64_t best_epoch = 0;
  // The losses of the last completed epoch and of the best one.
  double train_loss = 0, best_train_loss = 0;
  std::optional<double> validation_loss{}, best_validation_loss{};
};

// Trains `network` in place; the optimizer's slots start at zero. With validation rows it ends with the weights of the
// best epoch, otherwise with the last. If the loss or the gradient becomes NaN or infinite, it stops with the weights
// before that step (or the best so far). An update that overflows (a finite rate times a finite gradient) is detected
// at the next training step or at the end of the epoch. Row weights are first scaled to a mean of 1; the loss of a
// batch is Σ weight × loss / rows. The result depends only on the data, the options and the network's initial weights,
// not on threads or timing. Throws Error before the first step if the data do not fit the network.
//
// With L-BFGS each epoch is one iteration over all rows, in order. It ends with StopReason::converged when no step
// lowers the loss any further. Throws Error if batch_size is less than the number of rows, if clip_norm is set, or if
// the network uses random numbers (dropout).
//
// Memory: rows are read from their source in batches, so memory does not grow with their number, with these exceptions:
// - 8 bytes per row for the order if rows are shuffled, or 16 with a thread that gathers ahead;
// - one normalized weight per row if rows are weighted;
// - with batch_size 0 or L-BFGS, all rows of a source that is not in memory, and the intermediate values of a step for
//   all of them;
// - for validation, what evaluate() holds (hillock/metrics.h): for a loss that is a function of all rows, instead of a
//   nn::RowLoss, the outputs and targets of all validation rows.
class Trainer {
 public:
  Trainer(Network& network, TrainOptions options);
  // The network must outlive the trainer, and the tensors of the examples must outlive the call.
  TrainResult fit(const Examples& train, std::optional<Examples> validation = {});
  // The same for rows from any source.
  TrainResult fit(const RowSource& train, const RowSource* validation = nullptr);

 private:
  Network& network_;
  TrainOptions options_;
};

}  // namespace hillock

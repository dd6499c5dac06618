// Training: the trainer that ties steps to epochs, its options and what it reports.
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

  // The part of all epochs that is done, from 0 to 1.
  double done() const;
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
  // Whether layers learn from the training rows before the first step what they can (nn::Scope::fit). Without it they
  // keep what they have learnt: for going on with a trained network.
  bool fit_layers = true;
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
  // Rows from any source. They are not held in memory, but for an order of 8 bytes a row where rows are shuffled (twice
  // where batches are gathered ahead), a weight a row where they have weights, and all of them with L-BFGS.
  TrainResult fit(const RowSource& train, const RowSource* validation = nullptr);

 private:
  Network& network_;
  TrainOptions options_;
};

}  // namespace hillock

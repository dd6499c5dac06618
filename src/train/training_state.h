// The progress of a training: rates, the loss of an epoch, the best weights, and when to stop. It does not depend on
// who computes the steps.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "hillock/state.h"
#include "hillock/train.h"
#include "state/cursor.h"

namespace hillock {

// The number of steps of all epochs. If that cannot be counted, a number that is never reached.
std::int64_t steps_of_all(std::int64_t epochs, std::int64_t steps_in_epoch);

// To be called in this order: for each step of an epoch rate() and stepped(), then finish_steps() and finish_epoch();
// finally end().
class TrainingState {
 public:
  // `options` must outlive this object; its callbacks are not called.
  TrainingState(const TrainOptions& options, std::int64_t rows, std::int64_t steps_in_epoch);

  const TrainOptions& options() const { return *options_; }
  std::int64_t epoch() const { return result.epochs + 1; }  // the epoch that is running
  std::int64_t step() const { return result.steps + 1; }    // the next step
  double rate() {                                           // of the next step
    rate_ = options_->rate * options_->schedule.factor(step(), steps_) * plateau_.factor();
    return rate_;
  }
  // Whether the next step's rate is the one that `other` has just used; it then counts as having been asked for.
  bool takes_rate_of(const TrainingState& other) {
    if (options_ != other.options_ || step() != other.step() || plateau_.factor() != other.plateau_.factor())
      return false;
    rate_ = other.rate_;
    return true;
  }
  double last_rate() const { return rate_; }
  void stepped(double loss, std::int64_t rows) {
    ++result.steps;
    sum_ += loss * static_cast<double>(rows);
  }
  // Computes the loss of an epoch after its last step.
  void finish_steps() {
    result.train_loss = sum_ / static_cast<double>(rows_);
    sum_ = 0;
  }
  // Counts the epoch. Returns whether its validation loss, if there is one, is the lowest so far, so that the
  // parameters are to be kept.
  bool finish_epoch(const std::optional<double>& validation_loss) {
    ++result.epochs;
    result.validation_loss = validation_loss;
    if (options_->schedule.kind == Schedule::Kind::on_plateau)
      plateau_.observe(validation_loss ? *validation_loss : result.train_loss);
    if (!validation_loss || !(*validation_loss < best_loss_)) return false;
    best_loss_ = *validation_loss;
    result.best_validation_loss = validation_loss;
    result.best_train_loss = result.train_loss;
    result.best_epoch = result.epochs;
    return true;
  }
  // Whether training ends after this epoch.
  bool ends(bool has_validation) {
    if (options_->target_loss && result.train_loss <= *options_->target_loss) return stop(StopReason::target_loss);
    if (options_->patience > 0 && has_validation && result.epochs - result.best_epoch >= options_->patience)
      return stop(StopReason::patience);
    return false;
  }
  bool stop(StopReason reason) {
    result.stopped = reason;
    return true;
  }
  // Keeps a copy of the parameters and statistics in `store`.
  void keep_best(const Store& store) { copy_state(store, best_to_fill(), kLearnt); }
  // The store into which the best state is to be copied.
  Store& best_to_fill() { return best_ ? *best_ : best_.emplace(); }
  // Restores the best parameters and statistics, if some were kept, and records whether the final ones are finite.
  void end(Store& store, DType dtype);
  EpochReport report(std::optional<Metrics> validation, double seconds) const;
  // The best parameters and statistics so far, by block; nothing if there are none.
  const std::optional<Store>& best() const { return best_; }
  void set_best(std::optional<Store> best) { best_ = std::move(best); }
  // Visits all scalars except the result's explanation.
  void visit(Cursor& cursor);
  // The explanation for an update that overflowed.
  std::string beyond(DType dtype) const;

  TrainResult result;

 private:
  const TrainOptions* options_;
  std::int64_t rows_, steps_;  // steps_ counts those of all epochs
  double sum_ = 0;             // of the epoch's losses, each times its number of rows
  double rate_ = 0;
  double best_loss_ = std::numeric_limits<double>::infinity();
  Plateau plateau_;
  std::optional<Store> best_;
};

}  // namespace hillock

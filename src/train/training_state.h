// Where a training stands: rates, the loss of an epoch, the best weights, and when to stop; whoever computes the
// steps.
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

// How many steps all epochs have; where that is more than can be counted, as many as never end.
std::int64_t steps_of_all(std::int64_t epochs, std::int64_t steps_in_epoch);

// Calls come in the order: for each step of an epoch rate() and stepped(), then finish_steps() and finish_epoch();
// end() at the end.
class TrainingState {
 public:
  // `options` must outlive it; their callbacks are not called.
  TrainingState(const TrainOptions& options, std::int64_t rows, std::int64_t steps_in_epoch);

  const TrainOptions& options() const { return *options_; }
  std::int64_t epoch() const { return result.epochs + 1; }  // that is running
  std::int64_t step() const { return result.steps + 1; }    // that comes next
  double rate() {                                           // of that step
    rate_ = options_->rate * options_->schedule.factor(step(), steps_) * plateau_.factor();
    return rate_;
  }
  // Whether the next step's rate is the one that `other` has just had; then it counts as asked for.
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
  // The loss of an epoch whose steps are all done.
  void finish_steps() {
    result.train_loss = sum_ / static_cast<double>(rows_);
    sum_ = 0;
  }
  // The epoch counts now. True if its validation loss, where there is one, is the lowest so far: the parameters are to
  // be kept.
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
  // Keeps a copy of what `store` holds that was learnt: parameters and statistics.
  void keep_best(const Store& store) { copy_state(store, best_to_fill(), kLearnt); }
  // Where it is kept, to be copied there.
  Store& best_to_fill() { return best_ ? *best_ : best_.emplace(); }
  // Puts the best parameters and statistics back where some were kept, and says whether what is left is finite.
  void end(Store& store, DType dtype);
  EpochReport report(std::optional<Metrics> validation, double seconds) const;
  // The best parameters and statistics so far, by block; nothing where there are none.
  const std::optional<Store>& best() const { return best_; }
  void set_best(std::optional<Store> best) { best_ = std::move(best); }
  // All scalars, but for the result's explanation.
  void visit(Cursor& cursor);
  // What an update that overflowed leads to.
  std::string beyond(DType dtype) const;

  TrainResult result;

 private:
  const TrainOptions* options_;
  std::int64_t rows_, steps_;  // steps of all epochs
  double sum_ = 0;             // of the epoch's losses, times rows
  double rate_ = 0;
  double best_loss_ = std::numeric_limits<double>::infinity();
  Plateau plateau_;
  std::optional<Store> best_;
};

}  // namespace hillock

#include "train/training_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace hillock {

std::int64_t steps_of_all(std::int64_t epochs, std::int64_t steps_in_epoch) {
  return steps_in_epoch * std::min(epochs, std::numeric_limits<std::int64_t>::max() / steps_in_epoch);
}

TrainingState::TrainingState(const TrainOptions& options, std::int64_t rows, std::int64_t steps_in_epoch)
    : options_(&options),
      rows_(rows),
      steps_(steps_of_all(options.epochs, steps_in_epoch)),
      plateau_(options.schedule) {}

void TrainingState::end(Store& store, DType dtype) {
  if (best_) {
    copy_state(*best_, store, kLearnt);
    result.best_weights = true;
  }
  result.finite = is_finite(store, kLearnt);
  if (!result.finite && result.stopped != StopReason::not_finite) {
    result.stopped = StopReason::not_finite;  // interrupted or stopped right after an update that overflowed
    result.explanation = beyond(dtype);
  }
}

void TrainingState::visit(Cursor& cursor) {
  cursor.field("epochs", result.epochs);
  cursor.field("steps", result.steps);
  auto stopped = static_cast<std::int64_t>(result.stopped);
  cursor.field("stopped", stopped);
  result.stopped = static_cast<StopReason>(stopped);
  cursor.field("finite", result.finite);
  cursor.field("result_seconds", result.seconds);
  cursor.field("best_weights", result.best_weights);
  cursor.field("best_epoch", result.best_epoch);
  cursor.field("train_loss", result.train_loss);
  cursor.field("best_train_loss", result.best_train_loss);
  cursor.field("validation_loss", result.validation_loss);
  cursor.field("best_validation_loss", result.best_validation_loss);
  cursor.field("best_loss", best_loss_);
  cursor.field("loss_sum", sum_);
  cursor.field("rate", rate_);
  Plateau::State plateau = plateau_.state();
  cursor.field("plateau.best", plateau.best);
  cursor.field("plateau.factor", plateau.factor);
  cursor.field("plateau.epochs_without", plateau.epochs_without);
  plateau_.set_state(plateau);
}

EpochReport TrainingState::report(std::optional<Metrics> validation, double seconds) const {
  return {.epoch = result.epochs,
          .epochs = options_->epochs,
          .steps = result.steps,
          .train_loss = result.train_loss,
          .validation = std::move(validation),
          .rate = rate_,
          .seconds = seconds,
          .best = result.best_epoch == result.epochs};
}

std::string TrainingState::beyond(DType dtype) const {
  return fmt::format("the weights became infinite or NaN in epoch {}: an update was beyond {}", epoch(),
                     name_of(dtype));
}

}  // namespace hillock

#include "train/training_state.h"

#include <fmt/format.h>

#include <utility>

namespace hillock {

TrainingState::TrainingState(const TrainOptions& options, std::int64_t rows, std::int64_t steps_in_epoch)
    : options_(&options), rows_(rows), steps_(options.epochs * steps_in_epoch), plateau_(options.schedule) {}

void TrainingState::keep_best(const Store& store) {
  if (!best_) best_.emplace();
  copy_state(store, *best_, kLearnt);
}

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

#include "train/course.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "core/finite.h"

namespace hillock {

Course::Course(const TrainOptions& options, std::int64_t rows, std::int64_t steps_in_epoch)
    : options_(&options), rows_(rows), steps_(options.epochs * steps_in_epoch), plateau_(options.schedule) {}

void Course::keep_best(const void* parameters, std::size_t bytes) {
  best_.resize(bytes);
  std::memcpy(best_.data(), parameters, bytes);
}

void Course::end(Tensor& parameters) {
  if (!best_.empty()) {
    std::memcpy(parameters.raw(), best_.data(), best_.size());
    result.best_weights = true;
  }
  result.finite = all_finite(parameters);
  if (!result.finite && result.stopped != StopReason::not_finite) {
    result.stopped = StopReason::not_finite;  // interrupted or stopped right after an update that overflowed
    result.explanation = beyond(parameters.dtype());
  }
}

EpochReport Course::report(std::optional<Metrics> validation, double seconds) const {
  return {.epoch = result.epochs,
          .epochs = options_->epochs,
          .steps = result.steps,
          .train_loss = result.train_loss,
          .validation = std::move(validation),
          .rate = rate_,
          .seconds = seconds,
          .best = result.best_epoch == result.epochs};
}

std::string Course::beyond(DType dtype) const {
  return fmt::format("the weights became infinite or NaN in epoch {}: an update was beyond {}", epoch(),
                     name_of(dtype));
}

}  // namespace hillock

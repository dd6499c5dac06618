// The course of a training: rates, the loss of an epoch, the best weights, and when to stop; whoever computes the
// steps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "hillock/train.h"

namespace hillock {

// Calls come in the order: begin_epoch, then for each step rate() and stepped(), then finish_epoch; end() at the end.
class Course {
 public:
  // `options` must outlive it; their callbacks are not called.
  Course(const TrainOptions& options, std::int64_t rows, std::int64_t steps_in_epoch);

  const TrainOptions& options() const { return *options_; }
  std::int64_t epoch() const { return result.epochs + 1; }  // that is running
  std::int64_t step() const { return result.steps + 1; }    // that comes next
  double rate();                                            // of that step
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
  bool finish_epoch(const std::optional<double>& validation_loss);
  // Whether training ends after this epoch.
  bool ends(bool has_validation);
  bool stop(StopReason reason) {
    result.stopped = reason;
    return true;
  }
  void keep_best(const void* parameters, std::size_t bytes);
  // Puts the best parameters back where some were kept, and says whether what is left is finite.
  void end(Tensor& parameters);
  EpochReport report(std::optional<Metrics> validation, double seconds) const;
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
  std::vector<std::byte> best_;
};

}  // namespace hillock

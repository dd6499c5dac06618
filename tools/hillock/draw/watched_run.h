// What a picture shows of a training's progress: the losses so far and the norm of each layer's
// gradient.
//
// Memory is bounded, however many epochs there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hillock::program {

struct LossPoint {
  std::int64_t epoch = 0;
  double train = 0, validation = 0;  // NaN if there are no validation rows
};

// The losses of evenly spaced epochs, including the first and the last.
class LossHistory {
 public:
  static constexpr std::size_t kMostPoints = 1024;

  void add(const LossPoint& point);
  std::vector<LossPoint> points() const;  // at most kMostPoints + 1

 private:
  std::vector<LossPoint> kept_{};  // of the epochs 1, 1 + stride_, 1 + 2 stride_, …
  std::int64_t stride_ = 1;
  LossPoint last_;
};

struct WatchedRun {
  std::int64_t restart = 0;  // 0 for the first run
  std::int64_t epoch = 0, epochs = 0;
  std::int64_t step = 0;
  double train_loss = 0;                   // of the last epoch; of the last step before the first epoch is finished
  double validation_loss = 0, metric = 0;  // of the last epoch; NaN if there are no validation rows
  double rate = 0;                         // of the last epoch
  double done = 0;                         // the share of all epochs that are done
  double seconds = 0;
  LossHistory losses{};
  std::vector<double> gradient_norms{};  // by layer; empty until they have been computed
  std::int64_t gradient_step = 0;        // the step of the gradient norms
};

}  // namespace hillock::program

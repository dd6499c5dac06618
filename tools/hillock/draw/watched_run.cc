// Thinning the losses.
#include "draw/watched_run.h"

namespace hillock::program {

void LossHistory::add(const LossPoint& point) {
  last_ = point;
  if ((point.epoch - 1) % stride_ != 0) return;
  kept_.push_back(point);
  if (kept_.size() <= kMostPoints) return;
  stride_ *= 2;
  std::erase_if(kept_, [&](const LossPoint& kept) { return (kept.epoch - 1) % stride_ != 0; });
}

std::vector<LossPoint> LossHistory::points() const {
  std::vector<LossPoint> points = kept_;
  if (!points.empty() && points.back().epoch != last_.epoch) points.push_back(last_);
  return points;
}

}  // namespace hillock::program

// Summarizes the losses of many runs at each epoch by three numbers.
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "hillock/compare.h"

namespace hillock {
namespace {

// The loss of a run at `epoch`, from the last point that is not later; `at` is moved on to that point.
double loss_at(const ComparedRun& run, double CurvePoint::*kind, std::int64_t epoch, std::size_t& at) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (run.curve.empty()) return kInfinity;
  while (at + 1 < run.curve.size() && run.curve[at + 1].epoch <= epoch) ++at;
  const bool over = run.result.stopped == StopReason::not_finite && epoch > run.curve.back().epoch;
  const double loss = run.curve[at].*kind;
  return over || std::isnan(loss) ? kInfinity : loss;
}

// The value that has the share `share` of the sorted `values` below it: the nearest rank.
double percentile(const std::vector<double>& values, double share) {
  return values[static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
}

}  // namespace

LearningCurve learning_curve(const ComparedConfiguration& configuration, double CurvePoint::*loss) {
  std::set<std::int64_t> epochs;
  for (const ComparedRun& run : configuration.runs) {
    for (const CurvePoint& point : run.curve) {
      if (point.epoch == 1 || point.epoch % configuration.log_every == 0) epochs.insert(point.epoch);
    }
    if (!run.curve.empty()) epochs.insert(run.curve.back().epoch);
  }
  LearningCurve curve{.name = configuration.name};
  std::vector<std::size_t> at(configuration.runs.size());
  std::vector<double> losses(configuration.runs.size());
  for (const std::int64_t epoch : epochs) {
    for (std::size_t k = 0; k < losses.size(); ++k) losses[k] = loss_at(configuration.runs[k], loss, epoch, at[k]);
    std::ranges::sort(losses);
    curve.epochs.push_back(static_cast<double>(epoch));
    curve.median.push_back(percentile(losses, 0.5));
    curve.low.push_back(percentile(losses, 0.1));
    curve.high.push_back(percentile(losses, 0.9));
  }
  return curve;
}

}  // namespace hillock

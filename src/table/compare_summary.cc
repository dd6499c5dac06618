// Summarizes the runs of each configuration.
#include <algorithm>
#include <cmath>
#include <vector>

#include "hillock/compare.h"

namespace hillock {
namespace {

Spread spread_of(const std::vector<double>& values) {
  if (values.empty()) return {};
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const double n = static_cast<double>(values.size()), mean = sum / n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, values.size() < 2 ? 0 : std::sqrt(squares / (n - 1))};
}

double median_of(std::vector<double> values) {
  if (values.empty()) return NAN;
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

}  // namespace

double main_score(const Metrics& metrics, Task task) {
  if (task == Task::classification) return metrics.accuracy;
  return metrics.targets.empty() ? metrics.rmse : metrics.r2;
}

std::string_view name_of_main_score(Task task, bool several_targets) {
  if (task == Task::classification) return "accuracy";
  return several_targets ? "r2" : "rmse";
}

RunSummary summarize(const ComparedConfiguration& configuration) {
  RunSummary summary;
  std::vector<double> scores, losses, steps, seconds;
  for (const ComparedRun& run : configuration.runs) {
    ++summary.runs;
    summary.failed += run.failed() ? 1 : 0;
    summary.not_finite += run.result.stopped == StopReason::not_finite ? 1 : 0;
    if (std::isfinite(run.score.loss)) {
      scores.push_back(main_score(run.score, configuration.task));
      losses.push_back(run.score.loss);
    }
    if (run.target && !run.reached) continue;
    steps.push_back(static_cast<double>(run.reached ? run.reached->steps : run.result.steps));
    seconds.push_back(run.reached ? run.reached_seconds : run.result.seconds);
  }
  summary.score = spread_of(scores);
  summary.loss = spread_of(losses);
  summary.steps = median_of(steps);
  summary.seconds = median_of(seconds);
  return summary;
}

}  // namespace hillock

// Trains one job for each fold.
#include "table/folds.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "table/baseline.h"
#include "table/fit.h"
#include "table/job.h"
#include "table/scores.h"

namespace hillock {
namespace {

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double spread_of(const std::vector<double>& values, double mean) {
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return values.size() < 2 ? 0 : std::sqrt(sum / static_cast<double>(values.size() - 1));
}

}  // namespace

FoldScores run_folds(const TableOptions& options, const Dataset& whole, const std::vector<Split>& splits,
                     const TrainingListener& listener) {
  FoldScores scores;
  for (const Split& split : splits) {
    LoadedSplits loaded;
    loaded.splits.train = take_rows(whole, split.train);
    if (!split.validation.empty()) loaded.splits.validation = take_rows(whole, split.validation);
    loaded.splits.test = take_rows(whole, split.test);
    loaded.rows = whole.rows();
    PreparedJob job = prepare(options, std::move(loaded), /*audit=*/false);
    (void)fit(job, listener);
    if (listener.interrupted()) break;
    const Scores fold = score(job.model.network, job);
    scores.network.push_back(*fold.test);
    const Baselines baseline = baselines(job, fold);
    if (baseline.linear) scores.linear.push_back(*baseline.linear->test);
  }
  return scores;
}

std::vector<FoldFigure> fold_figures(const std::vector<Metrics>& folds, Task task) {
  std::vector<FoldFigure> result;
  const auto add = [&](std::string_view name, auto value) {
    FoldFigure figure{name, {}};
    for (const Metrics& fold : folds) figure.values.push_back(value(fold));
    figure.mean = mean_of(figure.values);
    figure.spread = spread_of(figure.values, figure.mean);
    result.push_back(std::move(figure));
  };
  if (task == Task::regression) {
    add("rmse", [](const Metrics& fold) { return fold.rmse; });
    add("mae", [](const Metrics& fold) { return fold.mae; });
    add("r2", [](const Metrics& fold) { return fold.r2; });
    return result;
  }
  add("accuracy", [](const Metrics& fold) { return fold.accuracy; });
  add("log_loss", [](const Metrics& fold) { return fold.log_loss; });
  const bool auc = std::ranges::all_of(folds, [](const Metrics& fold) { return fold.auc.has_value(); });
  if (auc) add("auc", [](const Metrics& fold) { return *fold.auc; });
  return result;
}

}  // namespace hillock

// One job for each fold.
#include "folds.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "baseline.h"
#include "interrupt.h"

namespace hillock::program {
namespace {

struct Figure {
  const char* name;
  std::vector<double> values;

  double mean() const {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  }
  // The standard deviation over folds, with n − 1.
  double spread() const {
    double sum = 0;
    for (const double value : values) sum += (value - mean()) * (value - mean());
    return values.size() < 2 ? 0 : std::sqrt(sum / static_cast<double>(values.size() - 1));
  }
};

std::vector<Figure> figures(const std::vector<Metrics>& folds, Task task) {
  std::vector<Figure> result;
  const auto add = [&](const char* name, auto value) {
    Figure figure{name, {}};
    for (const Metrics& fold : folds) figure.values.push_back(value(fold));
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
  bool auc = true;
  for (const Metrics& fold : folds) auc = auc && fold.auc.has_value();
  if (auc) add("auc", [](const Metrics& fold) { return *fold.auc; });
  return result;
}

std::string line(const char* name, const std::vector<Metrics>& folds, Task task) {
  std::string text = fmt::format("  {:<10}", name);
  for (const Figure& figure : figures(folds, task)) {
    text += std::isnan(figure.mean())
                ? fmt::format("  {} -", figure.name)
                : fmt::format("  {} {:.5g} ± {:.2g}", figure.name, figure.mean(), figure.spread());
  }
  return text + "\n";
}

Json figures_json(const std::vector<Metrics>& folds, Task task) {
  Json json = Json::object();
  for (const Figure& figure : figures(folds, task)) {
    json[figure.name] = {{"mean", figure.mean()}, {"spread", figure.spread()}, {"values", figure.values}};
  }
  return json;
}

}  // namespace

FoldScores run_folds(const TrainArguments& arguments, const Dataset& whole, const std::vector<Split>& splits,
                     const std::function<Outcome(Job&)>& train) {
  FoldScores scores;
  for (const Split& split : splits) {
    LoadedParts loaded;
    loaded.parts.train = take_rows(whole, split.train);
    if (!split.validation.empty()) loaded.parts.validation = take_rows(whole, split.validation);
    loaded.parts.test = take_rows(whole, split.test);
    loaded.rows = whole.rows();
    Job job = prepare(arguments, std::move(loaded));
    const Outcome outcome = train(job);
    if (interrupted()) break;
    const Scores fold = score(job.model.network, job);
    scores.network.push_back(*fold.test);
    const Baselines baseline = baselines(job, fold);
    if (baseline.linear) scores.linear.push_back(*baseline.linear->test);
  }
  return scores;
}

std::string describe_folds(const FoldScores& scores, Task task) {
  if (scores.network.empty()) return "";
  std::string text = fmt::format(
      "{} folds: mean ± standard deviation over rows that each fold's training did not see\n", scores.network.size());
  text += line("network", scores.network, task);
  if (scores.linear.size() == scores.network.size()) text += line("linear", scores.linear, task);
  return text;
}

Json to_json(const FoldScores& scores, Task task) {
  Json json{{"count", scores.network.size()}, {"spread", "standard deviation"}};
  json["network"] = figures_json(scores.network, task);
  if (scores.linear.size() == scores.network.size()) json["linear"] = figures_json(scores.linear, task);
  return json;
}

}  // namespace hillock::program

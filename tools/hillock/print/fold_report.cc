// Prints the folds as text and as JSON.
#include "print/fold_report.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "hillock/text.h"

namespace hillock::program {
namespace {

// The folds' metrics for one of several targets.
std::vector<Metrics> of_target(const std::vector<Metrics>& folds, std::size_t target) {
  std::vector<Metrics> own;
  for (const Metrics& fold : folds) {
    const TargetMetrics& metrics = fold.targets[target];
    own.push_back({.rmse = metrics.rmse, .mae = metrics.mae, .r2 = metrics.r2});
  }
  return own;
}

FoldScores of_target(const FoldScores& scores, std::size_t target) {
  return {of_target(scores.network, target), of_target(scores.linear, target)};
}

std::string line(std::string_view name, const std::vector<Metrics>& folds, Task task) {
  std::string text = fmt::format("  {:<10}", name);
  for (const FoldFigure& figure : fold_figures(folds, task)) {
    text += std::isnan(figure.mean) ? fmt::format("  {} -", figure.name)
                                    : fmt::format("  {} {:.5g} ± {:.2g}", figure.name, figure.mean, figure.spread);
  }
  return text + "\n";
}

Json figures_json(const std::vector<Metrics>& folds, Task task) {
  Json json = Json::object();
  for (const FoldFigure& figure : fold_figures(folds, task)) {
    json[std::string(figure.name)] = {{"mean", figure.mean}, {"spread", figure.spread}, {"values", figure.values}};
  }
  return json;
}

}  // namespace

std::string describe_folds(const FoldScores& scores, const Model& model) {
  if (scores.network.empty()) return "";
  const auto text_of = [&](const FoldScores& of) {
    return line("network", of.network, model.task) + (of.has_linear() ? line("linear", of.linear, model.task) : "");
  };
  std::string text = fmt::format(
      "{} folds: mean ± standard deviation over rows that each fold's training did not see\n", scores.network.size());
  text += text_of(scores);
  for (std::size_t k = 0; k < model.target_names.size(); ++k)
    text += fmt::format("\"{}\" alone\n{}", printable(model.target_names[k]), text_of(of_target(scores, k)));
  return text;
}

Json to_json(const FoldScores& scores, const Model& model) {
  const auto add = [&](Json& json, const FoldScores& of) {
    json["network"] = figures_json(of.network, model.task);
    if (of.has_linear()) json["linear"] = figures_json(of.linear, model.task);
  };
  Json json{{"count", scores.network.size()}, {"spread", "standard deviation"}};
  add(json, scores);
  for (std::size_t k = 0; k < model.target_names.size(); ++k)
    add(json["targets"][model.target_names[k]], of_target(scores, k));
  return json;
}

}  // namespace hillock::program

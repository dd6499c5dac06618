// The folds as text and as JSON.
#include "print/fold_report.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace hillock::program {
namespace {

std::string line(const char* name, const std::vector<Metrics>& folds, Task task) {
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

std::string describe_folds(const FoldScores& scores, Task task) {
  if (scores.network.empty()) return "";
  std::string text = fmt::format(
      "{} folds: mean ± standard deviation over rows that each fold's training did not see\n", scores.network.size());
  text += line("network", scores.network, task);
  if (scores.has_linear()) text += line("linear", scores.linear, task);
  return text;
}

Json to_json(const FoldScores& scores, Task task) {
  Json json{{"count", scores.network.size()}, {"spread", "standard deviation"}};
  json["network"] = figures_json(scores.network, task);
  if (scores.has_linear()) json["linear"] = figures_json(scores.linear, task);
  return json;
}

}  // namespace hillock::program

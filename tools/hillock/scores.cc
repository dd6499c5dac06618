// Metrics as JSON and as text.
#include "scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace hillock::program {
namespace {

constexpr std::size_t kMaxConfusionClasses = 20;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

// At most `width` bytes, not cutting a UTF-8 character in two.
std::string shortened(const std::string& name, std::size_t width) {
  if (name.size() <= width) return name;
  std::size_t end = width - 1;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return name.substr(0, end) + "~";
}

}  // namespace

Scores score(const Network& network, const Job& job) {
  const auto of = [&](const Dataset& data) {
    return evaluate(network, job.options.step.loss, examples_of(data), job.target_scale(), job.options.step.session);
  };
  Scores scores;
  scores.train = of(job.parts.train);
  if (job.parts.validation) scores.validation = of(*job.parts.validation);
  if (job.parts.test) scores.test = of(*job.parts.test);
  return scores;
}

Json to_json(const Metrics& metrics, Task task, const std::vector<std::string>& classes) {
  Json json{{"loss", number(metrics.loss)}};
  if (task == Task::regression) {
    json["rmse"] = number(metrics.rmse);
    json["mae"] = number(metrics.mae);
    json["r2"] = number(metrics.r2);
    return json;
  }
  json["accuracy"] = number(metrics.accuracy);
  if (metrics.auc) json["auc"] = number(*metrics.auc);
  json["log_loss"] = number(metrics.log_loss);
  Json& recall = json["recall"] = Json::object();
  for (std::size_t i = 0; i < classes.size() && i < metrics.recall.size(); ++i)
    recall[classes[i]] = number(metrics.recall[i]);
  if (classes.size() <= kMaxConfusionClasses) json["confusion"] = metrics.confusion;
  return json;
}

Json to_json(const Scores& scores, Task task, const std::vector<std::string>& classes) {
  Json json = Json::object();
  if (scores.train) json["train"] = to_json(*scores.train, task, classes);
  if (scores.validation) json["validation"] = to_json(*scores.validation, task, classes);
  if (scores.test) json["test"] = to_json(*scores.test, task, classes);
  return json;
}

std::string table_head(Task task, bool two_classes) {
  if (task == Task::regression)
    return fmt::format("{:<22} {:>8} {:>10} {:>10} {:>10} {:>8}\n", "", "rows", "loss", "rmse", "mae", "r2");
  return fmt::format("{:<22} {:>8} {:>10} {:>10} {:>10}{}\n", "", "rows", "loss", "accuracy", "log loss",
                     two_classes ? fmt::format(" {:>8}", "auc") : "");
}

std::string table_line(std::string_view name, const Metrics& metrics, Task task, bool two_classes) {
  if (task == Task::regression) {
    return fmt::format("{:<22} {:>8} {:>10.4g} {:>10.5g} {:>10.5g} {:>8.4f}\n", name, metrics.rows, metrics.loss,
                       metrics.rmse, metrics.mae, metrics.r2);
  }
  std::string line =
      fmt::format("{:<22} {:>8} {:>10.4g} {:>10.4f}", name, metrics.rows, metrics.loss, metrics.accuracy);
  line += std::isnan(metrics.log_loss) ? fmt::format(" {:>10}", "-") : fmt::format(" {:>10.4g}", metrics.log_loss);
  if (two_classes) line += metrics.auc ? fmt::format(" {:>8.4f}", *metrics.auc) : fmt::format(" {:>8}", "-");
  return line + "\n";
}

std::string confusion_table(const Metrics& metrics, const std::vector<std::string>& classes) {
  constexpr std::size_t kMaxName = 12, kMinCell = 5;
  if (classes.size() > kMaxConfusionClasses || metrics.confusion.size() != classes.size()) return "";
  std::size_t cell = kMinCell, label = 0;
  for (const std::string& name : classes) {
    cell = std::max(cell, std::min(kMaxName, name.size()) + 1);
    label = std::max(label, std::min(kMaxName, name.size()));
  }
  std::string text(label + 2, ' ');
  for (const std::string& name : classes) text += fmt::format("{:>{}}", shortened(name, kMaxName), cell);
  text += "\n";
  for (std::size_t row = 0; row < classes.size(); ++row) {
    text += fmt::format("  {:<{}}", shortened(classes[row], kMaxName), label);
    for (const std::int64_t count : metrics.confusion[row]) {
      text += count == 0 ? fmt::format("{:>{}}", ".", cell) : fmt::format("{:>{}}", count, cell);
    }
    text += "\n";
  }
  return text;
}

}  // namespace hillock::program

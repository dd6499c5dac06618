// Prints the table of scores and the details below it.
#include "print/score_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hillock/text.h"

namespace hillock::program {
namespace {

constexpr std::size_t kMaxClasses = 20;   // that are printed one by one
constexpr std::size_t kMaxTargets = 20;   // that are printed one by one
constexpr std::size_t kMaxName = 12;      // columns of a class's name in a table
constexpr std::size_t kNameColumns = 22;  // of a line of scores

// The columns that the names of the classes need.
std::size_t label_width(const std::vector<std::string>& classes) {
  std::size_t width = 0;
  for (const std::string& name : classes) width = std::max(width, display_width(shortened(name, kMaxName)));
  return width;
}

std::string confusion_table(const Metrics& metrics, const std::vector<std::string>& classes) {
  constexpr std::size_t kMinCell = 5;
  const std::size_t label = label_width(classes);
  std::size_t cell = std::max(kMinCell, label + 1);
  for (const std::vector<std::int64_t>& row : metrics.confusion) {
    for (const std::int64_t count : row) cell = std::max(cell, fmt::formatted_size("{}", count) + 1);
  }
  std::string text(label + 2, ' ');
  for (const std::string& name : classes) text += right_aligned(shortened(name, kMaxName), cell);
  text += "\n";
  for (std::size_t row = 0; row < classes.size(); ++row) {
    text += "  " + left_aligned(shortened(classes[row], kMaxName), label);
    for (const std::int64_t count : metrics.confusion[row])
      text += fmt::format("{:>{}}", count == 0 ? "." : fmt::to_string(count), cell);
    text += "\n";
  }
  return text;
}

std::string share(double value) { return std::isnan(value) ? "-" : fmt::format("{:.4f}", value); }

std::string class_table(const Metrics& metrics, const std::vector<std::string>& classes) {
  const std::size_t label = label_width(classes);
  std::string text = fmt::format("{:{}} {:>9} {:>9} {:>9} {:>8}\n", "", label + 2, "precision", "recall", "f1", "rows");
  for (std::size_t i = 0; i < classes.size(); ++i) {
    text += fmt::format("  {} {:>9} {:>9} {:>9} {:>8}\n", left_aligned(shortened(classes[i], kMaxName), label),
                        share(metrics.precision[i]), share(metrics.recall[i]), share(metrics.f1[i]),
                        metrics.rows_of_class(i));
  }
  return text;
}

// One line for each of several targets; their means are in the table of scores.
std::string target_table(const Metrics& metrics, const std::vector<std::string>& names, const std::string& rows) {
  std::string text = fmt::format(
      "\neach target{}; the figures above are their means, of which r2 alone has no unit\n  {:{}} {:>10} {:>10} {:>8}",
      rows, "", kNameColumns, "rmse", "mae", "r2");
  for (const double errors : kErrorShares) text += fmt::format(" {:>11}", fmt::format("{:g} % within", 100 * errors));
  const std::size_t count = std::min(metrics.targets.size(), names.size());
  for (std::size_t k = 0; k < std::min(count, kMaxTargets); ++k) {
    const TargetMetrics& target = metrics.targets[k];
    text +=
        fmt::format("\n  {} {:>10.5g} {:>10.5g} {:>8}", left_aligned(shortened(names[k], kNameColumns), kNameColumns),
                    target.rmse, target.mae, share(target.r2));
    for (const double error : target.error_quantiles) text += fmt::format(" {:>11.5g}", error);
  }
  if (count > kMaxTargets) text += fmt::format("\n  … ({} in all; --json has every one)", count);
  return text + "\n";
}

std::string describe_errors(const Metrics& metrics, const std::string& rows) {
  if (metrics.error_quantiles.size() != kErrorShares.size()) return "";
  std::string text = fmt::format("\nerrors{}:", rows);
  for (std::size_t i = 0; i < kErrorShares.size(); ++i) {
    text +=
        fmt::format("{} {:g} % at most {:.5g}", i == 0 ? "" : ",", 100 * kErrorShares[i], metrics.error_quantiles[i]);
  }
  return text + "\n";
}

}  // namespace

Json to_json(const Metrics& metrics, const Model& model) {
  return Json::parse(metrics_json(metrics, model.task, model.classes, model.target_names));
}

std::string targets_text(const Model& model) {
  std::string text;
  for (const std::string& name : model.all_targets())
    text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", printable(name));
  return text;
}

std::string table_head(Task task, bool two_classes) {
  if (task == Task::regression)
    return fmt::format("{:{}} {:>8} {:>10} {:>10} {:>10} {:>8}\n", "", kNameColumns, "rows", "loss", "rmse", "mae",
                       "r2");
  return fmt::format("{:{}} {:>8} {:>10} {:>10} {:>10}{}\n", "", kNameColumns, "rows", "loss", "accuracy", "log loss",
                     two_classes ? fmt::format(" {:>8}", "auc") : "");
}

std::string table_line(std::string_view name, const Metrics& metrics, Task task, bool two_classes) {
  if (task == Task::regression) {
    return fmt::format("{} {:>8} {:>10.4g} {:>10.5g} {:>10.5g} {:>8}\n", left_aligned(printable(name), kNameColumns),
                       metrics.rows, metrics.loss, metrics.rmse, metrics.mae,
                       std::isnan(metrics.r2) ? "-" : fmt::format("{:.4f}", metrics.r2));
  }
  std::string line = fmt::format("{} {:>8} {:>10.4g} {:>10.4f}", left_aligned(printable(name), kNameColumns),
                                 metrics.rows, metrics.loss, metrics.accuracy);
  line += std::isnan(metrics.log_loss) ? fmt::format(" {:>10}", "-") : fmt::format(" {:>10.4g}", metrics.log_loss);
  if (two_classes) line += metrics.auc ? fmt::format(" {:>8.4f}", *metrics.auc) : fmt::format(" {:>8}", "-");
  return line + "\n";
}

std::string details(const Metrics& metrics, const Model& model, std::string_view part) {
  const std::string rows = part.empty() ? "" : fmt::format(", {} rows", part);
  if (!metrics.targets.empty()) return target_table(metrics, model.target_names, rows);
  if (model.task == Task::regression) return describe_errors(metrics, rows);
  const std::vector<std::string>& classes = model.classes;
  std::string text;
  if (classes.size() <= kMaxClasses && metrics.confusion.size() == classes.size()) {
    text += fmt::format("\nconfusion{}: a line for each true class, a column for each predicted one\n{}\n{}", rows,
                        confusion_table(metrics, classes), class_table(metrics, classes));
  }
  if (metrics.rows == 0 || std::isnan(metrics.calibration_error)) return text;
  return text +
         fmt::format("\ncalibration error{}: {:.4f} on average between how sure it is and how often it is right\n",
                     rows, metrics.calibration_error);
}

}  // namespace hillock::program

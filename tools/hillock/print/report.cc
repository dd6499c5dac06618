// Prints the report and the JSON of `train`.
#include "print/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hillock/columns.h"
#include "hillock/text.h"
#include "print/column_table.h"
#include "print/fold_report.h"

namespace hillock::program {
namespace {

std::string describe_rows(const PreparedSplits& splits) {
  std::string text = fmt::format("{} rows to train on", splits.train.rows());
  if (splits.validation) text += fmt::format(", {} for validation", splits.validation->rows());
  if (splits.test) text += fmt::format(", {} for the test", splits.test->rows());
  return text;
}

std::string describe_task(const TableJob& job) {
  std::string text = fmt::format("{} of {} from {} columns", name_of(job.model().task), targets_text(job.model()),
                                 job.model().columns.size());
  if (job.model().task == Task::classification) text += fmt::format(", {} classes", job.model().classes.size());
  return text;
}

// Explains the rate that --lr auto has found.
std::string describe_rate_test(const RateTest& test) {
  if (test.rates.empty()) return " (auto: a line search finds the length of each step)";
  return fmt::format(" (auto: {} rates from {:.3g} to {:.3g}, the lowest loss at {:.3g})", test.rates.size(),
                     test.rates.front(), test.rates.back(), test.rate_of_lowest_loss());
}

std::string describe_training(const TableJob& job) {
  const TrainOptions& options = job.training();
  std::string text = fmt::format("{} at rate {:g}", job.choices().optimizer, options.rate);
  if (job.choices().rate_test) text += describe_rate_test(*job.choices().rate_test);
  if (job.choices().schedule != "constant") text += fmt::format(" ({})", job.choices().schedule);
  if (options.step.clip_norm > 0) text += fmt::format(", gradient norm at most {:g}", options.step.clip_norm);
  text += fmt::format(", loss {}", job.model().loss_name());
  if (job.model().label_smoothing > 0) text += fmt::format(" (label smoothing {:g})", job.model().label_smoothing);
  if (!job.choices().class_weights.empty())
    text += fmt::format(", class weights {}", printable(job.choices().class_weights));
  text += fmt::format(", batch {}, at most {} epochs",
                      options.batch_size == 0 ? "all" : fmt::to_string(options.batch_size), options.epochs);
  if (options.patience > 0) text += fmt::format(", patience {}", options.patience);
  if (options.target_loss) text += fmt::format(", until the loss is {:g}", *options.target_loss);
  return text + fmt::format(", seed {}", options.seed);
}

std::string why(const TrainResult& result) {
  switch (result.stopped) {
    case StopReason::epochs: return "as many as allowed";
    case StopReason::target_loss: return "the loss is small enough";
    case StopReason::patience: return "the validation loss fell no more";
    case StopReason::interrupted: return "interrupted";
    case StopReason::callback: return "stopped";
    case StopReason::not_finite: return "the loss is not finite";
    case StopReason::converged: return "no step lowers the loss any more";
  }
  return "";
}

std::string describe_end(const TableResult& result) {
  const TrainResult& training = result.training;
  std::string text = fmt::format("{} epochs, {} steps in {:.3g} s: {}", training.epochs, training.steps, result.seconds,
                                 why(training));
  if (training.best_weights)
    text += fmt::format("; the weights are those of epoch {}, the best by validation", training.best_epoch);
  if (result.restarts > 0) text += fmt::format("; {} restarts", result.restarts);
  return text;
}

// "better than linear by …": the difference and half the width of its 95 % interval.
std::string verdict(const TableResult& result) {
  if (!result.baselines->comparison) return "";
  const Comparison& comparison = *result.baselines->comparison;
  const char* part = result.scores.test ? "test" : "validation";
  return fmt::format(
      "\n{} than linear: {} {:.5g} for {:.5g}, a difference of {:.3g} ± {:.2g} (95 % interval over {} {} rows)\n",
      verdict_of(comparison), comparison.metric, comparison.ours, comparison.theirs, comparison.difference,
      comparison.half_width(), comparison.rows, part);
}

std::string score_table(const TableResult& result) {
  const Task task = result.model.task;
  const bool auc = result.model.classes.size() == 2;
  std::string text = table_head(task, auc);
  const Scores& scores = result.scores;
  if (scores.train) text += table_line("train", *scores.train, task, auc);
  if (scores.validation) text += table_line("validation", *scores.validation, task, auc);
  if (scores.test) text += table_line("test", *scores.test, task, auc);
  if (!result.baselines) return text;
  const Scores& constant = result.baselines->constant;
  text += table_line(fmt::format("a constant: {}", constant.best_name()), constant.best(), task, auc);
  if (result.baselines->interrupted) text += "linear: its training was interrupted, so there is no comparison\n";
  if (!result.baselines->linear) return text;
  text += table_line(fmt::format("linear: {}", constant.best_name()), result.baselines->linear->best(), task, auc);
  return text + verdict(result);
}

std::string feature_text(const Dataset& data, std::int64_t row, std::int64_t column) {
  const double value = data.features.at(row * data.feature_count() + column);
  if (std::isnan(value)) return "?";
  const auto i = static_cast<std::size_t>(column);
  if (data.is_date(i)) return date_text(value, *data.dates[i]);
  return data.is_categorical(i) ? data.categories[i][static_cast<std::size_t>(value)] : fmt::format("{:.5g}", value);
}

// The text cut or padded to this many columns of a terminal.
std::string cell(std::string_view text, std::size_t columns) {
  return right_aligned(shortened(text, columns), columns);
}

// One line for each row: inputs, target, prediction.
std::string small_table_text(const TableResult& result) {
  constexpr std::size_t kMaxColumns = 8, kFeature = 8, kTarget = 10;
  const Dataset& data = *result.small_table;
  const Tensor& predictions = *result.small_table_predictions;
  const bool columns = data.columns.size() <= kMaxColumns;
  std::string text = fmt::format("{:>4}", "row");
  for (std::size_t i = 0; columns && i < data.columns.size(); ++i) text += "  " + cell(data.columns[i], kFeature);
  const std::vector<std::string> targets = data.all_targets();
  for (const std::string& target : targets) text += "  " + cell(target, kTarget);
  text += targets.size() == 1 ? "  prediction\n" : "  predictions\n";
  const std::int64_t outputs = predictions.shape()[1];
  for (std::int64_t row = 0; row < data.rows(); ++row) {
    text += fmt::format("{:>4}", row + 1);
    for (std::int64_t i = 0; columns && i < data.feature_count(); ++i)
      text += "  " + cell(feature_text(data, row, i), kFeature);
    for (std::size_t k = 0; k < targets.size(); ++k) {
      const double target = data.targets.at(row * std::ssize(targets) + static_cast<std::int64_t>(k));
      const bool number = result.model.task == Task::regression;
      text += number ? fmt::format("  {:>{}.5g}", target, kTarget)
                     : fmt::format("  {}", cell(result.model.classes[static_cast<std::size_t>(target)], kTarget));
    }
    text += " ";
    for (std::int64_t i = 0; i < outputs; ++i) text += fmt::format(" {:.5g}", predictions.at(row * outputs + i));
    text += "\n";
  }
  return text;
}

Json small_table_json(const Tensor& predictions) {
  Json rows = Json::array();
  const std::int64_t outputs = predictions.shape()[1];
  for (std::int64_t row = 0; row < predictions.shape()[0]; ++row) {
    Json& values = rows.emplace_back(Json::array());
    for (std::int64_t i = 0; i < outputs; ++i) values.push_back(predictions.at(row * outputs + i));
  }
  return rows;
}

// "what looks wrong", one line for each warning; empty if there are none.
std::string describe_warnings(const std::vector<Warning>& warnings) {
  if (warnings.empty()) return "";
  std::string text = "what looks wrong\n";
  for (const Warning& warning : warnings) text += fmt::format("  - {}\n", printable(warning.message));
  return text;
}

}  // namespace

std::string describe_job(const TableJob& job) {
  std::string text = fmt::format("data      {}: {}\n", printable(job.data_name()), describe_rows(job.splits()));
  text += fmt::format("task      {}; features scaled: {}\n", describe_task(job), name_of(job.model().features.kind));
  text += fmt::format("network   {} inputs, {}: {} parameters, {}\n", job.model().network.options().input.elements(),
                      job.model().spec.to_string(), job.model().network.parameter_count(),
                      name_of(job.model().network.options().dtype));
  text += fmt::format("training  {}\n", describe_training(job));
  return text + fmt::format("columns\n{}", column_table(Json::parse(columns_json(job.columns()))));
}

std::string describe_outcome(const TableResult& result) {
  std::string text = fmt::format("ended     {}\n\n{}", describe_end(result), score_table(result));
  text += details(result.scores.best(), result.model, result.scores.best_name());
  if (result.small_table_predictions) text += fmt::format("\n{}", small_table_text(result));
  if (!result.warnings.empty()) text += fmt::format("\n{}", describe_warnings(result.warnings));
  return text;
}

Json results_json(const TableResult& result, const std::string& path) {
  Json json{{"format", 1}, {"command", "train"}, {"task", name_of(result.model.task)}};
  const Json record = Json::parse(result.model.training);
  for (const auto& [key, value] : record.items()) {
    if (key == "dataset" || key == "options") continue;
    if (key == "train") {  // the first of the scores
      json["model"] = path;
      json["network"] = result.model.spec.to_string();
      json["options"] = record["options"];
    }
    json[key] = value;
  }
  if (result.small_table_predictions) json["predictions"] = small_table_json(*result.small_table_predictions);
  json["notes"] = result.notes;
  Json& warnings = json["warnings"] = Json::array();
  for (const Warning& warning : result.warnings)
    warnings.push_back({{"kind", warning.kind}, {"message", warning.message}});
  if (!result.training.explanation.empty()) json["explanation"] = result.training.explanation;
  if (result.folds) json["folds"] = to_json(*result.folds, result.model);
  return json;
}

}  // namespace hillock::program

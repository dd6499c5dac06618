// Writes the record of a training that Model::training keeps.
#include "table/record.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "hillock/version.h"

namespace hillock {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxClasses = 20;  // above this number no confusion matrix is recorded

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json by_class(const std::vector<double>& values, const std::vector<std::string>& classes) {
  Json json = Json::object();
  for (std::size_t i = 0; i < classes.size() && i < values.size(); ++i) json[classes[i]] = number(values[i]);
  return json;
}

Json quantiles_json(const std::vector<double>& quantiles) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kErrorShares.size() && i < quantiles.size(); ++i)
    json[fmt::format("{}", kErrorShares[i])] = number(quantiles[i]);
  return json;
}

// Of all targets together (Metrics), or of one of them (TargetMetrics).
template <class Errors>
void add_errors(Json& json, const Errors& errors) {
  json["rmse"] = number(errors.rmse);
  json["mae"] = number(errors.mae);
  json["r2"] = number(errors.r2);
  if (!errors.error_quantiles.empty()) json["error_quantiles"] = quantiles_json(errors.error_quantiles);
}

// The names of a model's outputs.
struct Names {
  const std::vector<std::string>& classes;
  const std::vector<std::string>& targets;  // if there are several
};

Names names_of(const Model& model) { return {model.classes, model.target_names}; }

Json to_json(const Metrics& metrics, Task task, const Names& names) {
  Json json{{"loss", number(metrics.loss)}};
  if (task == Task::regression) {
    add_errors(json, metrics);
    for (std::size_t k = 0; k < metrics.targets.size() && k < names.targets.size(); ++k)
      add_errors(json["targets"][names.targets[k]], metrics.targets[k]);
    return json;
  }
  const std::vector<std::string>& classes = names.classes;
  json["accuracy"] = number(metrics.accuracy);
  if (metrics.auc) json["auc"] = number(*metrics.auc);
  json["log_loss"] = number(metrics.log_loss);
  json["calibration_error"] = number(metrics.calibration_error);
  json["recall"] = by_class(metrics.recall, classes);
  json["precision"] = by_class(metrics.precision, classes);
  json["f1"] = by_class(metrics.f1, classes);
  if (classes.size() <= kMaxClasses) json["confusion"] = metrics.confusion;
  return json;
}

Json to_json(const Scores& scores, Task task, const Names& names) {
  Json json = Json::object();
  if (scores.train) json["train"] = to_json(*scores.train, task, names);
  if (scores.validation) json["validation"] = to_json(*scores.validation, task, names);
  if (scores.test) json["test"] = to_json(*scores.test, task, names);
  return json;
}

std::int64_t rows_of(const std::optional<PreparedRows>& split) { return split ? split->rows() : 0; }

Json rate_test_json(const RateTest& test) {
  return {{"rate", test.rate}, {"rates", test.rates}, {"losses", test.losses}};
}

Json rows_json(const PreparedSplits& splits) {
  return {{"train", splits.train.rows()}, {"validation", rows_of(splits.validation)}, {"test", rows_of(splits.test)}};
}

Json options_json(const PreparedJob& job) {
  const TrainOptions& options = job.options;
  Json json{{"optimizer", job.choices.optimizer},
            {"rate", options.rate},
            {"schedule", job.choices.schedule},
            {"warmup", options.schedule.warmup},
            {"batch", options.batch_size},
            {"epochs", options.epochs},
            {"patience", options.patience},
            {"weight_decay", job.choices.weight_decay},
            {"clip_norm", options.step.clip_norm},
            {"loss", job.model.loss_name()},
            {"label_smoothing", job.model.label_smoothing},
            {"shuffle", options.shuffle}};
  if (optimizer_info(job.choices.optimizer).takes_momentum) json["momentum"] = job.choices.momentum;
  for (std::size_t i = 0; i < job.choices.by_class.size(); ++i)
    json["class_weights"][job.model.classes[i]] = job.choices.by_class[i];
  if (job.choices.rate_test) json["rate_test"] = rate_test_json(*job.choices.rate_test);
  if (options.target_loss) json["target_loss"] = *options.target_loss;
  if (!job.choices.initializers.empty()) json["initializers"] = job.choices.initializers;
  if (!job.choices.init.empty()) json["init"] = job.choices.init;
  return json;
}

// Adds how training went.
void add_fit(Json& json, const PreparedJob& job, const Fit& fit) {
  json["rows"] = rows_json(job.splits);
  json["epochs"] = fit.result.epochs;
  json["steps"] = fit.result.steps;
  json["seconds"] = fit.seconds;
  json["parameters"] = job.model.network.parameter_count();
  json["parameters_sha256"] = parameters_sha256(job.model.network);
  json["seed"] = job.options.seed;
  json["stopped"] = name_of(fit.result.stopped);
  json["weights"] = fit.result.best_weights ? "best" : "last";
  if (fit.result.best_weights) json["best_epoch"] = fit.result.best_epoch;
  json["restarts"] = fit.restarts;
}

void add_scores(Json& json, const PreparedJob& job, const Scores& scores, const std::optional<Baselines>& baselines) {
  const Names names = names_of(job.model);
  json.update(to_json(scores, job.model.task, names));
  if (!baselines) return;
  Json& baseline = json["baseline"];
  baseline["constant"] = to_json(baselines->constant, job.model.task, names);
  baseline["linear"] = baselines->linear ? to_json(*baselines->linear, job.model.task, names) : Json(nullptr);
  if (baselines->interrupted) baseline["interrupted"] = true;
  if (!baselines->comparison) return;
  const Comparison& comparison = *baselines->comparison;
  json["comparison"] = {{"against", "linear"},
                        {"metric", comparison.metric},
                        {"difference", comparison.difference},
                        {"half_width", comparison.half_width()},
                        {"interval", {comparison.low, comparison.high}},
                        {"rows", comparison.rows},
                        {"part", job.splits.test ? "test" : "validation"},
                        {"verdict", verdict_of(comparison)}};
}

// Adds when, how and from what the model was made.
void add_origin(Json& json, const Origin& origin) {
  Json& made = json["made"] = {{"version", version()}, {"date", date_of_making()}};
  if (!origin.command.empty()) made["command"] = origin.command;
  Json& data = json["data"] = {{"rows", origin.rows}, {"columns", origin.columns}};
  if (origin.file) {
    data["bytes"] = origin.file->bytes;
    data["sha256"] = origin.file->sha256;
  }
  if (!origin.drop.empty()) data["drop"] = origin.drop;
  if (!origin.weights.empty()) data["weights"] = origin.weights;
  Json& split = json["split"] = {{"validation", origin.validation}, {"test", origin.test}};
  if (!origin.group.empty()) split["group"] = origin.group;
  if (!origin.time.empty()) split["time"] = origin.time;
  if (origin.folds > 0) split["folds"] = origin.folds;
}

// Bytes that are not UTF-8, which a file name may contain, become U+FFFD.
std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string metrics_json(const Metrics& metrics, Task task, const std::vector<std::string>& classes,
                         const std::vector<std::string>& targets) {
  return text_of(to_json(metrics, task, {classes, targets}));
}

std::string_view verdict_of(const Comparison& comparison) {
  return comparison.better() ? "better" : comparison.worse() ? "worse" : "no better";
}

std::string training_record(const PreparedJob& job, const Fit& fit, const Scores& scores,
                            const std::optional<Baselines>& baselines) {
  Json json{{"dataset", job.data_name}};
  add_origin(json, job.origin);
  json["columns"] = Json::parse(columns_json(job.columns));
  json["options"] = options_json(job);
  add_fit(json, job, fit);
  add_scores(json, job, scores, baselines);
  return text_of(json);
}

}  // namespace hillock

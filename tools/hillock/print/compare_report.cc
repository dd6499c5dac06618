// The report of `compare`.
#include "print/compare_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "hillock/text.h"

namespace hillock::program {
namespace {

bool has_target(const Compared& compared) {
  return std::ranges::any_of(compared.results, [](const auto& result) {
    return std::ranges::any_of(result.runs, [](const ComparedRun& run) { return run.target.has_value(); });
  });
}

std::string number_or_dash(const char* format, double value) {
  return std::isfinite(value) ? fmt::format(fmt::runtime(format), value) : "-";
}

std::string with_spread(const Spread& spread, bool share) {
  if (!std::isfinite(spread.mean)) return "-";
  if (share) return fmt::format("{:.4f} ± {:.4f}", spread.mean, spread.deviation);
  return fmt::format("{:.4g} ± {:.2g}", spread.mean, spread.deviation);
}

// The heading of the first column and its width.
std::size_t name_width(const Compared& compared) {
  std::size_t width = 11;
  for (const Combination& combination : compared.combinations)
    width = std::max(width, display_width(printable(combination.name(compared.variations))));
  return width;
}

std::string legend(const Compared& compared) {
  const ComparedConfiguration& first = compared.results.front();
  std::string text = compared.complete() ? "" : "interrupted: runs that had not ended are left out\n";
  text +=
      fmt::format("{} and loss: mean ± standard deviation over the seeds, on the {} rows", first.score, first.split);
  if (!has_target(compared))
    return text + "\nfailed: not finite, or no better than a constant; steps, time: of a run, the median\n";
  const std::optional<double> given = compared.combinations.front().arguments.table.target_loss;
  text += given ? fmt::format("\nfailed: the training loss did not come down to {:g}", *given)
                : "\nfailed: the training loss did not come down to a tenth of what a constant loses";
  return text + "; steps, time: until it did, the median\n";
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json run_json(const ComparedRun& run, const ComparedConfiguration& of) {
  Json json{{"seed", run.seed},
            {"failed", run.failed()},
            {"stopped", name_of(run.result.stopped)},
            {"epochs", run.result.epochs},
            {"steps", run.result.steps},
            {"weights", run.result.best_weights ? "best" : "last"}};
  if (run.target) {
    json["target"] = *run.target;
    json["steps_to_target"] = run.reached ? Json(run.reached->steps) : Json(nullptr);
  }
  json[std::string(of.score)] = number(main_score(run.score, of.task));
  json["loss"] = number(run.score.loss);
  json["train_loss"] = number(run.result.train_loss);
  json["parameters_sha256"] = run.parameters_sha256;
  json["seconds"] = run.result.seconds;
  if (run.reached) json["seconds_to_target"] = run.reached_seconds;
  if (!run.result.explanation.empty()) json["explanation"] = run.result.explanation;
  return json;
}

Json combination_json(const Compared& compared, std::size_t index) {
  const ComparedConfiguration& result = compared.results[index];
  Json options = Json::object();
  for (std::size_t k = 0; k < compared.variations.size(); ++k)
    options[compared.variations[k].key] = compared.combinations[index].values[k];
  const RunSummary summary = summarize(result);
  Json json{
      {"options", options}, {"part", result.split}, {"failed", summary.failed}, {"not_finite", summary.not_finite}};
  json[std::string(result.score)] = {{"mean", number(summary.score.mean)}, {"spread", number(summary.score.deviation)}};
  json["loss"] = {{"mean", number(summary.loss.mean)}, {"spread", number(summary.loss.deviation)}};
  json["median_steps"] = number(summary.steps);
  json["median_seconds"] = number(summary.seconds);
  Json& runs = json["runs"] = Json::array();
  for (const ComparedRun& run : result.runs) runs.push_back(run_json(run, result));
  return json;
}

// A field of a CSV file, quoted if necessary.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

// The number of runs that have ended, and the total if it differs.
std::string runs_of(const Compared& compared, std::size_t runs) {
  return compared.complete() ? fmt::to_string(runs) : fmt::format("{}/{}", runs, compared.seeds);
}

}  // namespace

std::int64_t Compared::ended() const {
  std::int64_t count = 0;
  for (const ComparedConfiguration& result : results) count += std::ssize(result.runs);
  return count;
}

std::string compare_table(const Compared& compared) {
  const std::size_t width = name_width(compared);
  const std::size_t wide = std::max<std::size_t>(5, runs_of(compared, static_cast<std::size_t>(compared.seeds)).size());
  const ComparedConfiguration& first = compared.results.front();
  std::string text = fmt::format("{:<{}}  {:>{}} {:>6}  {:<18}  {:<18}  {:>7} {:>8}\n", "combination", width, "runs",
                                 wide, "failed", fmt::format("{} {}", first.split, first.score), "loss", "steps", "ms");
  for (std::size_t k = 0; k < compared.results.size(); ++k) {
    const RunSummary summary = summarize(compared.results[k]);
    const std::string name = printable(compared.combinations[k].name(compared.variations));
    text +=
        fmt::format("{}  {:>{}} {:>6}  {:<18}  {:<18}  {:>7} {:>8}\n", left_aligned(name.empty() ? "all" : name, width),
                    runs_of(compared, summary.runs), wide, summary.failed,
                    with_spread(summary.score, first.score != "rmse"), with_spread(summary.loss, false),
                    number_or_dash("{:.0f}", summary.steps), number_or_dash("{:.3g}", summary.seconds * 1e3));
  }
  return text + "\n" + legend(compared);
}

std::string compare_csv(const Compared& compared) {
  std::string text;
  for (const Variation& variation : compared.variations) text += field(variation.key) + ",";
  text += "seed,epoch,steps,train_loss,validation_loss\n";
  for (std::size_t k = 0; k < compared.results.size(); ++k) {
    std::string options;
    for (const std::string& value : compared.combinations[k].values) options += field(value) + ",";
    for (const ComparedRun& run : compared.results[k].runs) {
      for (const CurvePoint& point : run.curve) {
        text += fmt::format("{}{},{},{},{},{}\n", options, run.seed, point.epoch, point.steps, point.train_loss,
                            std::isnan(point.validation_loss) ? "" : fmt::to_string(point.validation_loss));
      }
    }
  }
  return text;
}

Json compare_json(const Compared& compared) {
  Json json{{"format", 1}, {"command", "compare"}, {"data", compared.data}};
  json["task"] = name_of(compared.results.front().task);
  json["seeds"] = compared.seeds;
  json["interrupted"] = !compared.complete();
  Json& combinations = json["combinations"] = Json::array();
  for (std::size_t k = 0; k < compared.results.size(); ++k) combinations.push_back(combination_json(compared, k));
  return json;
}

}  // namespace hillock::program

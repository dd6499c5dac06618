// hillock train: data in, a trained network out. Everything that can be refused is refused before the first step.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "arguments/arguments.h"
#include "arguments/train_arguments.h"
#include "commands.h"
#include "draw/watch.h"
#include "hillock/error.h"
#include "hillock/file.h"
#include "hillock/text.h"
#include "interrupt.h"
#include "print/fold_report.h"
#include "print/output.h"
#include "print/progress.h"
#include "print/report.h"
#include "print/sign_of_life.h"
#include "table/audit.h"

namespace hillock::program {
namespace {

// Tells the user how training goes.
class Teller {
 public:
  Teller(const Job& job, std::int64_t log_every, bool quiet, bool watch, SignOfLife& life)
      : life_(life),
        progress_({.quiet = quiet, .log_every = log_every, .regression = job.model.task == Task::regression}) {
    if (watch) watch_.emplace(job.model, job.parts.train, job.parts.validation);
  }

  TrainingListener listener() {
    return {.on_begin = [this](const Network& network, std::int64_t restart) { begin(network, restart); },
            .on_step = [this](const StepReport& report) { on_step(report); },
            .on_epoch = [this](const EpochReport& report) { on_epoch(report); },
            .on_end = [this](const TrainResult&, bool best) { on_end(best); },
            .interrupt = &interrupted()};
  }
  // All has ended; the network is the one that is kept.
  void finish(const Network& network, const TrainResult& result) {
    if (watch_) watch_->finish(network, best_, result);
  }

 private:
  bool draws() const { return watch_ && watch_->is_live(); }
  void begin(const Network& network, std::int64_t restart) {
    life_.doing(restart == 0 ? "training" : fmt::format("training, restart {}", restart), /*has_bar=*/true);
    if (watch_) watch_->begin(network, restart);
  }
  void on_step(const StepReport& report) {
    life_.at(report.epoch, report.epochs, report.steps_done_in_epoch, report.steps_in_epoch);
    if (watch_) watch_->on_step(report);
    if (!draws()) progress_.on_step(report);
  }
  void on_epoch(const EpochReport& report) {
    if (watch_) watch_->on_epoch(report);
    if (!draws() && progress_.on_epoch(report)) life_.told();
  }
  void on_end(bool best) {
    progress_.finish();
    if (watch_ && best) best_ = watch_->run();
  }

  SignOfLife& life_;
  Progress progress_;
  std::optional<Watch> watch_;
  WatchedRun best_;
};

Outcome train_all(Job& job, const TrainArguments& arguments, SignOfLife& life) {
  const std::int64_t tenth = std::max<std::int64_t>(1, job.options.epochs / 10);
  Teller teller(job, arguments.log_every.value_or(tenth), arguments.quiet, arguments.watch, life);
  Outcome outcome;
  static_cast<Fit&>(outcome) = fit(job, teller.listener());
  teller.finish(job.model.network, outcome.result);
  return outcome;
}

void judge(const Job& job, Outcome& outcome, SignOfLife& life) {
  life.doing("scoring the network");
  outcome.scores = score(job.model.network, job);
  if (job.few) outcome.few_predictions = job.model.predict(renumber_categories(*job.few, job.model.encoding));
  const StopReason stopped = outcome.result.stopped;
  if (stopped != StopReason::interrupted && stopped != StopReason::not_finite) {
    life.doing("training a linear network to compare with");
    outcome.baselines = baselines(job, outcome.scores);
  }
}

constexpr const char* kStdout = "-";

void check_out(const TrainArguments& arguments) {
  if (arguments.out != kStdout) return;
  if (arguments.json) throw Error("train: --json and --out - both write to stdout; give a file for the model");
  if (isatty(STDOUT_FILENO) != 0)
    throw Error("train: --out - writes the model to stdout, which is a terminal; redirect it or give a file");
}

// stdout is for data, if there are any.
std::FILE* report_stream(const TrainArguments& arguments) {
  return arguments.json || arguments.out == kStdout ? stderr : stdout;
}

// The path of the model, which can be written to.
std::string choose_out(const TrainArguments& arguments, const Dataset& data) {
  const std::string out =
      arguments.out.value_or(fmt::format("{}.safetensors", data.name.empty() ? "model" : data.name));
  if (out == kStdout) return out;
  for (const auto& input : {std::optional<std::string>(arguments.data), arguments.validation, arguments.test}) {
    std::error_code none;
    if (input && std::filesystem::equivalent(*input, out, none)) {
      throw Error(fmt::format("train: --out {} is the file that the data come from; give another", out));
    }
  }
  require_writable(out);
  return out;
}

// In words.
std::string place_of(const std::string& out) { return out == kStdout ? "stdout" : out; }

void save(Job& job, const Outcome& outcome, const std::string& out) {
  job.model.training = to_text(training_record(job, outcome));
  try {
    save_model(out, job.model);
  } catch (const Error& error) {
    throw Failure(error.what());
  }
}

std::string not_finite(const Job& job, const Outcome& outcome, const std::string& out) {
  const TrainResult& result = outcome.result;
  const std::string kept = result.epochs == 0    ? "no epoch was finished and nothing was written"
                           : !result.finite      ? "nothing was written"
                           : result.best_weights ? fmt::format("the best weights before it are in {}", place_of(out))
                                                 : fmt::format("the weights before it are in {}", place_of(out));
  const std::string what = result.explanation.empty() ? "the loss is not finite" : result.explanation;
  return fmt::format("train: {}; {}; lower --lr (now {:g}) or give --clip-norm 1", what, kept, job.options.rate);
}

void print_results(const Job& job, const Outcome& outcome, const TrainArguments& arguments,
                   const std::optional<FoldScores>& folds, const std::string& out) {
  std::FILE* to = report_stream(arguments);
  if (!arguments.quiet) print_to(to, "{}\nmodel     {}\n", describe_outcome(job, outcome), printable(place_of(out)));
  if (!arguments.json) return;
  Json json = results_json(job, outcome, out);
  if (folds) json["folds"] = to_json(*folds, job.model.task);
  print_json(to_text(json));
}

TrainingListener fold_listener(std::size_t folds, SignOfLife& life) {
  return {.on_begin = [&life, folds, fold = std::size_t{0}](
                          const Network&,
                          std::int64_t) mutable { life.doing(fmt::format("fold {} of {}", ++fold, folds)); },
          .on_step =
              [&life](const StepReport& report) {
                life.at(report.epoch, report.epochs, report.steps_done_in_epoch, report.steps_in_epoch);
              },
          .interrupt = &interrupted()};
}

int train(const TrainArguments& arguments) {
  outlive_readers();
  if (arguments.watch && arguments.quiet)
    throw Error("train: --watch draws the training and --quiet asks for nothing; leave one out");
  check_out(arguments);
  const TableOptions options = table_options(arguments);
  check_before_reading(options);
  SignOfLife life(arguments.quiet);
  life.doing(reading(arguments.data));
  LoadedParts loaded = load_parts(arguments.data, options);
  const std::string out = choose_out(arguments, loaded.parts.train);
  const std::vector<Split> folds = std::move(loaded.folds);
  const std::optional<Dataset> whole = std::move(loaded.whole);
  life.doing(arguments.auto_rate ? "looking at the data and for a rate" : "looking at the data");
  Job job = prepare(options, std::move(loaded));
  life.rest();
  if (!arguments.quiet) {
    print_notes(job.notes);
    print_to(report_stream(arguments), "{}", describe_job(job));
    std::fflush(stdout);
  }
  std::optional<FoldScores> fold_scores;
  if (whole) {
    fold_scores = run_folds(options, *whole, folds, fold_listener(folds.size(), life));
    life.rest();
    if (interrupted()) return interruption_code();
    if (!arguments.quiet) {
      print_to(report_stream(arguments), "\n{}\n", describe_folds(*fold_scores, job.model.task));
    }
  }
  Outcome outcome = train_all(job, arguments, life);
  const bool failed = outcome.result.stopped == StopReason::not_finite;
  if (failed && (outcome.result.epochs == 0 || !outcome.result.finite)) throw Failure(not_finite(job, outcome, out));
  judge(job, outcome, life);
  for (Warning& warning : find_training_warnings(job, outcome.result, outcome.baselines))
    job.warnings.push_back(std::move(warning));
  life.rest();
  save(job, outcome, out);
  print_results(job, outcome, arguments, fold_scores, out);
  if (failed) throw Failure(not_finite(job, outcome, out));
  // The last update, which no step came after, may have made the outputs overflow.
  if (!std::isfinite(outcome.scores.train->loss)) {
    throw Failure(
        fmt::format("train: the loss of the network in {} is not finite; lower --lr (now {:g}) or give "
                    "--clip-norm 1",
                    place_of(out), job.options.rate));
  }
  return interrupted() ? interruption_code() : kDone;
}

}  // namespace

void add_train(CLI::App& app, Run& run) {
  const auto arguments = std::make_shared<TrainArguments>();
  describe_train(app, *arguments);
  Arguments(app).when_called([arguments, &run] { run = [arguments] { return train(*arguments); }; });
}

}  // namespace hillock::program

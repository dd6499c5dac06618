// hillock train: trains a network on data. Everything that can be refused is refused before the first step.
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
#include "hillock/table.h"
#include "hillock/text.h"
#include "interrupt.h"
#include "print/fold_report.h"
#include "print/output.h"
#include "print/progress.h"
#include "print/report.h"
#include "print/sign_of_life.h"

namespace hillock::program {
namespace {

// Reports the progress of training to the user.
class Teller {
 public:
  Teller(const TableJob& job, const TrainArguments& arguments, SignOfLife& life)
      : life_(life),
        progress_({.quiet = arguments.quiet,
                   .log_every = arguments.log_every.value_or(std::max<std::int64_t>(1, job.training().epochs / 10)),
                   .regression = job.model().task == Task::regression}) {
    if (arguments.watch) watch_.emplace(job.model(), job.splits().train, job.splits().validation);
  }

  TrainingListener listener() {
    return {.on_begin = [this](const Network& network, std::int64_t restart) { begin(network, restart); },
            .on_step = [this](const StepReport& report) { on_step(report); },
            .on_epoch = [this](const EpochReport& report) { on_epoch(report); },
            .on_end = [this](const TrainResult&, bool best) { on_end(best); },
            .on_finish = [this](const Network& network, const TrainResult& result) { on_finish(network, result); },
            .interrupt = &interrupted()};
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
  void on_finish(const Network& network, const TrainResult& result) {
    if (watch_) watch_->finish(network, best_, result);
  }

  SignOfLife& life_;
  Progress progress_;
  std::optional<Watch> watch_;
  WatchedRun best_;
};

constexpr const char* kStdout = "-";

void check_out(const TrainArguments& arguments) {
  if (arguments.out != kStdout) return;
  if (arguments.json) throw Error("train: --json and --out - both write to stdout; give a file for the model");
  if (isatty(STDOUT_FILENO) != 0)
    throw Error("train: --out - writes the model to stdout, which is a terminal; redirect it or give a file");
}

// stdout is reserved for data, if there are any.
std::FILE* report_stream(const TrainArguments& arguments) {
  return arguments.json || arguments.out == kStdout ? stderr : stdout;
}

// The path of the model, after checking that it can be written.
std::string choose_out(const TrainArguments& arguments) {
  const std::string out = arguments.out.value_or(name_of_data(arguments.data) + ".safetensors");
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

// The destination in words.
std::string place_of(const std::string& out) { return out == kStdout ? "stdout" : out; }

void save(const Model& model, const std::string& out) {
  try {
    FileWriter file(out);
    remove_when_ended(file.partial_path());
    save_model(file, model, out);
    file.commit();
  } catch (const Error& error) {
    throw Failure(error.what());
  }
}

std::string not_finite(const TrainResult& result, double rate, const std::string& out) {
  const std::string kept = result.epochs == 0    ? "no epoch was finished and nothing was written"
                           : !result.finite      ? "nothing was written"
                           : result.best_weights ? fmt::format("the best weights before it are in {}", place_of(out))
                                                 : fmt::format("the weights before it are in {}", place_of(out));
  const std::string what = result.explanation.empty() ? "the loss is not finite" : result.explanation;
  return fmt::format("train: {}; {}; lower --lr (now {:g}) or give --clip-norm 1", what, kept, rate);
}

void print_job(const TableJob& job, const TrainArguments& arguments) {
  if (arguments.quiet) return;
  print_notes(job.notes());
  print_to(report_stream(arguments), "{}", describe_job(job));
  std::fflush(stdout);
}

void print_folds(const FoldScores& folds, const Model& model, const TrainArguments& arguments) {
  if (!arguments.quiet) print_to(report_stream(arguments), "\n{}\n", describe_folds(folds, model));
}

void print_results(const TableResult& result, const TrainArguments& arguments, const std::string& out) {
  if (!arguments.quiet) {
    print_to(report_stream(arguments), "{}\nmodel     {}\n", describe_outcome(result), printable(place_of(out)));
  }
  if (arguments.json) print_json(to_text(results_json(result, out)));
}

TrainingListener fold_listener(std::int64_t folds, SignOfLife& life) {
  return {.on_begin =
              [&life, folds, fold = std::int64_t{0}](const Network&, std::int64_t restart) mutable {
                if (restart == 0) ++fold;
                life.doing(fmt::format("fold {} of {}", fold, folds));
              },
          .on_step =
              [&life](const StepReport& report) {
                life.at(report.epoch, report.epochs, report.steps_done_in_epoch, report.steps_in_epoch);
              },
          .interrupt = &interrupted()};
}

std::string text_of(TableStage stage, const TrainArguments& arguments) {
  switch (stage) {
    case TableStage::preparation:
      return arguments.table.auto_lr ? "looking at the data and for a rate" : "looking at the data";
    case TableStage::scores: return "scoring the network";
    case TableStage::baselines: return "training a linear network to compare with";
  }
  return "";
}

int train(const TrainArguments& arguments) {
  outlive_readers();
  if (arguments.watch && arguments.quiet)
    throw Error("train: --watch draws the training and --quiet asks for nothing; leave one out");
  check_out(arguments);
  const std::string out = choose_out(arguments);
  SignOfLife life(arguments.quiet);
  life.doing(reading(arguments.data));
  const auto on_stage = [&](TableStage stage) { life.doing(text_of(stage, arguments)); };
  TableJob job(arguments.data, table_options(arguments), {.on_stage = on_stage});
  life.rest();
  print_job(job, arguments);
  std::optional<FoldScores> folds = job.cross_validate(fold_listener(arguments.table.folds, life));
  life.rest();
  if (folds && interrupted()) return interruption_code();
  if (folds) print_folds(*folds, job.model(), arguments);
  Teller teller(job, arguments, life);
  TrainingListener listener = teller.listener();
  listener.on_stage = on_stage;
  TableResult result = job.train(listener);
  life.rest();
  result.folds = std::move(folds);
  const double rate = job.training().rate;
  const bool failed = result.training.stopped == StopReason::not_finite;
  if (failed && (result.training.epochs == 0 || !result.training.finite))
    throw Failure(not_finite(result.training, rate, out));
  save(result.model, out);
  print_results(result, arguments, out);
  if (failed) throw Failure(not_finite(result.training, rate, out));
  // The last update, which no step followed, may have made the outputs overflow.
  if (!std::isfinite(result.scores.train->loss)) {
    throw Failure(
        fmt::format("train: the loss of the network in {} is not finite; lower --lr (now {:g}) or give "
                    "--clip-norm 1",
                    place_of(out), rate));
  }
  return interrupted() ? interruption_code() : kDone;
}

}  // namespace

void add_train(CLI::App& app, Action& run) {
  const auto arguments = std::make_shared<TrainArguments>();
  describe_train(app, *arguments);
  Arguments(app).when_called([arguments, &run] {
    run = [arguments](const std::string& call) {
      arguments->table.command = call;
      return train(*arguments);
    };
  });
}

}  // namespace hillock::program

// hillock train: data in, a trained network out. Everything that can be refused is refused before the first step.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "arguments/arguments.h"
#include "arguments/train_arguments.h"
#include "commands.h"
#include "draw/watch.h"
#include "folds.h"
#include "hillock/error.h"
#include "interrupt.h"
#include "print/progress.h"
#include "print/report.h"
#include "warnings.h"

namespace hillock::program {
namespace {

// One run from one set of first weights.
struct Attempt {
  Network network;
  TrainResult result;
  double loss = 0;  // the lowest of validation, or the last of training: smaller is better
  WatchedRun watched{};
};

// Who is told while it trains.
struct Audience {
  Progress progress;
  std::optional<Watch> watch;

  void on_step(const StepReport& report) {
    if (watch) watch->on_step(report);
    if (!watch || !watch->is_live()) progress.on_step(report);
  }
  void on_epoch(const EpochReport& report) {
    if (watch) watch->on_epoch(report);
    if (!watch || !watch->is_live()) progress.on_epoch(report);
  }
};

// The seed of restart `number`; the first run has the user's own. (SplitMix64, Steele et al. 2014.)
std::uint64_t seed_of(std::uint64_t seed, std::int64_t number) {
  if (number == 0) return seed;
  std::uint64_t z = seed + static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

Attempt attempt(Network network, const Job& job, std::uint64_t seed, std::int64_t restart, Audience& audience) {
  double lowest = INFINITY;
  if (audience.watch) audience.watch->begin(network, restart);
  TrainOptions options = job.options;
  options.seed = seed;
  options.interrupt = &interrupted();
  options.on_step = [&](const StepReport& report) { audience.on_step(report); };
  options.on_epoch = [&](const EpochReport& report) {
    if (report.validation) lowest = std::min(lowest, report.validation->loss);
    audience.on_epoch(report);
    return true;
  };
  const std::optional<Examples> validation = validation_examples(job);
  TrainResult result = Trainer(network, options).fit(training_examples(job), validation);
  audience.progress.finish();
  const double loss = !result.finite ? INFINITY : validation || result.epochs == 0 ? lowest : result.train_loss;
  return {std::move(network), std::move(result), loss, audience.watch ? audience.watch->run() : WatchedRun()};
}

bool may_begin_again(const TrainResult& result) {
  return result.stopped != StopReason::target_loss && result.stopped != StopReason::interrupted;
}

// Trains job.model, with restarts; afterwards it holds the best network.
Outcome train_all(Job& job, bool quiet, bool watch) {
  const bool regression = job.model.task == Task::regression;
  Audience audience{Progress({.quiet = quiet, .log_every = job.log_every, .regression = regression}), {}};
  if (watch) audience.watch.emplace(job);
  const auto start = std::chrono::steady_clock::now();
  Attempt best = attempt(std::move(job.model.network), job, job.options.seed, 0, audience);
  Outcome outcome;
  bool again = may_begin_again(best.result);
  while (again && outcome.restarts < job.restarts) {
    const std::uint64_t seed = seed_of(job.options.seed, ++outcome.restarts);
    job.model.network = std::move(best.network);  // fresh_network looks at its shape
    Attempt next = attempt(fresh_network(job, seed), job, seed, outcome.restarts, audience);
    best.network = std::move(job.model.network);
    again = may_begin_again(next.result);
    if (next.loss < best.loss || next.result.stopped == StopReason::target_loss) best = std::move(next);
    if (interrupted()) best.result.stopped = StopReason::interrupted;
  }
  job.model.network = std::move(best.network);
  outcome.result = std::move(best.result);
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (audience.watch) audience.watch->finish(job.model.network, best.watched, outcome.result);
  return outcome;
}

void judge(const Job& job, Outcome& outcome) {
  outcome.scores = score(job.model.network, job);
  if (job.few) outcome.few_predictions = job.model.predict(renumber_categories(*job.few, job.model.encoding));
  const StopReason stopped = outcome.result.stopped;
  if (stopped != StopReason::interrupted && stopped != StopReason::not_finite) {
    outcome.baselines = baselines(job, outcome.scores);
  }
}

void save(Job& job, const Outcome& outcome) {
  job.model.training = training_record(job, outcome).dump();
  try {
    save_model(job.out, job.model);
  } catch (const Error& error) {
    throw Failure(error.what());
  }
}

std::string not_finite(const Job& job, const Outcome& outcome) {
  const TrainResult& result = outcome.result;
  const std::string kept = result.epochs == 0    ? "no epoch was finished and nothing was written"
                           : !result.finite      ? "nothing was written"
                           : result.best_weights ? fmt::format("the best weights before it are in {}", job.out)
                                                 : fmt::format("the weights before it are in {}", job.out);
  const std::string what = result.explanation.empty() ? "the loss is not finite" : result.explanation;
  return fmt::format("train: {}; {}; lower --lr (now {:g}) or give --clip-norm 1", what, kept, job.options.rate);
}

void print_results(const Job& job, const Outcome& outcome, const TrainArguments& arguments,
                   const std::optional<FoldScores>& folds) {
  std::FILE* to = arguments.json ? stderr : stdout;
  if (!arguments.quiet) fmt::print(to, "{}\nmodel     {}\n", describe_outcome(job, outcome), job.out);
  if (!arguments.json) return;
  Json json = results_json(job, outcome, job.out);
  if (folds) json["folds"] = to_json(*folds, job.model.task);
  fmt::print("{}\n", json.dump());
}

int train(const TrainArguments& arguments) {
  check_before_reading(arguments);
  LoadedParts loaded = load_parts(arguments);
  const std::vector<Split> folds = std::move(loaded.folds);
  const std::optional<Dataset> whole = std::move(loaded.whole);
  Job job = prepare(arguments, std::move(loaded));
  if (!arguments.quiet) {
    for (const std::string& note : job.notes) fmt::print(stderr, "note: {}\n", note);
    fmt::print(arguments.json ? stderr : stdout, "{}", describe_job(job));
    std::fflush(stdout);
  }
  std::optional<FoldScores> fold_scores;
  if (whole) {
    fold_scores = run_folds(arguments, *whole, folds, [](Job& fold) { return train_all(fold, true, false); });
    if (interrupted()) return kInterrupted;
    if (!arguments.quiet) {
      fmt::print(arguments.json ? stderr : stdout, "\n{}\n", describe_folds(*fold_scores, job.model.task));
    }
  }
  Outcome outcome = train_all(job, arguments.quiet, arguments.watch);
  const bool failed = outcome.result.stopped == StopReason::not_finite;
  if (failed && (outcome.result.epochs == 0 || !outcome.result.finite)) throw Failure(not_finite(job, outcome));
  judge(job, outcome);
  for (Warning& warning : find_training_warnings(job, outcome)) job.warnings.push_back(std::move(warning));
  save(job, outcome);
  print_results(job, outcome, arguments, fold_scores);
  if (failed) throw Failure(not_finite(job, outcome));
  // The last update, which no step came after, may have made the outputs overflow.
  if (!std::isfinite(outcome.scores.train->loss)) {
    throw Failure(
        fmt::format("train: the loss of the network in {} is not finite; lower --lr (now {:g}) or give "
                    "--clip-norm 1",
                    job.out, job.options.rate));
  }
  return outcome.result.stopped == StopReason::interrupted ? kInterrupted : kDone;
}

}  // namespace

void add_train(CLI::App& app, Run& run) {
  const auto arguments = std::make_shared<TrainArguments>();
  describe_train(app, *arguments);
  Arguments(app).when_called([arguments, &run] { run = [arguments] { return train(*arguments); }; });
}

}  // namespace hillock::program

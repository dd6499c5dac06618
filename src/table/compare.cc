// Turns configurations into sets of replicas. If the seed decides neither the splits nor the learning rate, all seeds
// of a configuration share one job; otherwise each run has its own. Jobs are collected until their rows fill
// kMostBytes, and are then trained together.
#include "hillock/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <utility>

#include "hillock/error.h"
#include "hillock/replicas.h"
#include "table/baseline.h"
#include "table/check.h"
#include "table/job.h"
#include "table/splits.h"
#include "train/evaluator.h"

namespace hillock {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 29;
// The target loss for data of at most kSmallTableRows rows, which a network should reproduce, as a share of the
// constant's loss.
constexpr double kSmallTableTarget = 0.1;
constexpr std::int64_t kCurvePoints = 100;

// A job, and the runs of one configuration that it serves.
struct SeedGroup {
  std::unique_ptr<PreparedJob> job;
  std::size_t configuration = 0;
  std::size_t first = 0, count = 0;  // the range of the configuration's runs
  double constant_loss = 0;
  const PreparedRows* judged = nullptr;
};

std::size_t bytes_of(const PreparedSplits& splits) {
  std::size_t bytes = splits.train.features.bytes();
  if (splits.validation) bytes += splits.validation->features.bytes();
  if (splits.test) bytes += splits.test->features.bytes();
  return bytes;
}

using Read = std::function<LoadedSplits(const TableOptions& options)>;

class Comparer {
 public:
  Comparer(Read read, const std::vector<Configuration>& configurations, const CompareOptions& options)
      : read_data_(std::move(read)),
        configurations_(configurations),
        options_(options),
        threads_(thread_count(options.threads)),
        results_(configurations.size()) {}

  ComparedTable run() {
    for (std::size_t k = 0; k < configurations_.size() && !interrupted(); ++k) {
      try {
        prepare_configuration(k);
      } catch (const Error& error) {
        if (configurations_[k].name.empty()) throw;
        throw Error(fmt::format("compare: with {}: {}", configurations_[k].name, error.what()));
      }
      if (options_.needs_validation) require_validation(k);
      if (bytes_ >= kMostBytes) train();
    }
    train();
    if (interrupted()) leave_out_unfinished();
    return {.configurations = std::move(results_), .notes = std::move(notes_)};
  }

 private:
  bool interrupted() const { return options_.interrupt != nullptr && options_.interrupt->load(); }

  void note(const std::vector<std::string>& notes) {
    for (const std::string& text : notes) {
      if (std::ranges::find(notes_, text) == notes_.end()) notes_.push_back(text);
    }
  }

  void require_validation(std::size_t index) const {
    if (groups_.empty() || groups_.back().job->splits.validation) return;
    throw NoValidationRows(configurations_[index].name);
  }

  void prepare_configuration(std::size_t index) {
    const TableOptions& options = configurations_[index].options;
    results_[index].name = configurations_[index].name;
    check_options(options);
    if (options.folds > 0 || options.restarts > 0)
      throw Error("compare: every seed is one run; leave out --folds and --restarts",
                  {{options.folds > 0 ? "--folds" : "--restarts"}});
    if (!read_ || !read_alike(options, configurations_[read_as_].options)) read_ = read_data_(options);
    read_as_ = index;
    const auto seeds = static_cast<std::size_t>(options_.seeds);
    results_[index].runs.resize(seeds);
    for (std::size_t k = 0; k < seeds; ++k) results_[index].runs[k].seed = options.seed + k;
    const bool by_seed = splits_by_seed(*read_) || options.auto_lr;
    if (!by_seed) return add_group(index, 0, seeds);
    for (std::size_t k = 0; k < seeds && !interrupted(); ++k) add_group(index, k, 1);
  }

  void add_group(std::size_t index, std::size_t first, std::size_t count) {
    TableOptions options = configurations_[index].options;
    options.seed += first;
    options.threads = threads_;
    LoadedSplits loaded = *read_;
    draw_splits(options, loaded);
    PreparedJob job = prepare(options, std::move(loaded), /*audit=*/false);
    SeedGroup group{std::make_unique<PreparedJob>(std::move(job)), index, first, count};
    note(group.job->notes);
    const Scores constant = constant_scores(*group.job);
    group.constant_loss = constant.train->loss;
    const PreparedSplits& splits = group.job->splits;
    group.judged = splits.test ? &*splits.test : splits.validation ? &*splits.validation : &splits.train;
    bytes_ += bytes_of(splits);
    ComparedConfiguration& result = results_[index];
    result.task = group.job->model.task;
    result.score = name_of_main_score(result.task, !group.job->model.target_names.empty());
    result.split = constant.best_name();
    const std::int64_t epochs = group.job->options.epochs;
    result.log_every = options_.log_every.value_or(epochs / kCurvePoints + (epochs % kCurvePoints != 0 ? 1 : 0));
    for (std::size_t k = first; k < first + count; ++k) describe(result.runs[k], group, constant.best().loss);
    groups_.push_back(std::move(group));
  }

  static void describe(ComparedRun& run, const SeedGroup& group, double constant_loss) {
    run.constant_loss = constant_loss;
    run.target = group.job->options.target_loss;
    if (!run.target && group.job->small_table) run.target = kSmallTableTarget * group.constant_loss;
  }

  // Trains the jobs that have been prepared.
  void train() {
    if (interrupted()) return;
    // Sorted by seed, so that if replicas are trained one after another, an interruption leaves some runs of each
    // configuration.
    std::ranges::stable_sort(groups_, {}, &SeedGroup::first);
    std::vector<ReplicaSet> sets;
    for (const SeedGroup& group : groups_) sets.push_back(set_of(group));
    const auto trained = train_replicas(sets, {.threads = threads_});
    for (std::size_t k = 0; k < groups_.size(); ++k) judge(groups_[k], trained[k]);
    groups_.clear();
    bytes_ = 0;
  }

  // A configuration for which nothing was prepared gets task, score and split from the first one.
  void leave_out_unfinished() {
    for (ComparedConfiguration& result : results_) {
      std::erase_if(result.runs, [](const ComparedRun& run) { return !run.ended; });
      if (!result.split.empty()) continue;
      result.task = results_.front().task;
      result.score = results_.front().score;
      result.split = results_.front().split;
    }
  }

  ReplicaSet set_of(const SeedGroup& group) {
    const PreparedJob& job = *group.job;
    ReplicaSet set{.network = &job.model.network, .options = job.options, .starts = {}};
    set.options.interrupt = options_.interrupt;
    ComparedConfiguration& result = results_[group.configuration];
    Network network = fresh_network(job, job.options.seed);
    for (std::size_t k = 0; k < group.count; ++k) {
      const std::uint64_t seed = result.runs[group.first + k].seed;
      if (k > 0) network.initialize(seed, job.weights, job.bias);
      const Network& start = job.choices.init.empty() ? network : job.model.network;
      set.starts.push_back({.parameters = start.parameters(),
                            .seed = seed,
                            .train = training_examples(job),
                            .validation = validation_examples(job),
                            .statistics = start.statistics()});
    }
    if (options_.on_end) {
      set.on_end = [this](std::size_t, const TrainResult& ended) {
        if (ended.stopped != StopReason::interrupted) options_.on_end();
      };
    }
    set.on_epoch = [&result, first = group.first](std::size_t start, const EpochReport& report) {
      record(result.runs[first + start], report, result.log_every);
      return true;
    };
    return set;
  }

  static void record(ComparedRun& run, const EpochReport& report, std::int64_t every) {
    const bool reached = !run.reached && run.target && report.train_loss <= *run.target;
    const bool kept = report.epoch == 1 || report.epoch % every == 0;
    run.last = {report.epoch, report.steps, report.train_loss, report.validation ? report.validation->loss : NAN};
    if (kept) run.curve.push_back(run.last);
    if (!reached) return;
    run.reached = run.last;
    run.reached_seconds = report.seconds;
  }

  void judge(const SeedGroup& group, const std::vector<ReplicaResult>& trained) {
    const PreparedJob& job = *group.job;
    Network network = fresh_network(job, job.options.seed);
    Tensor& parameters = network.parameters();
    const MemoryRows rows(group.judged->examples());
    Evaluator evaluator(network, job.options.step.loss, rows, {.threads = threads_});
    for (std::size_t k = 0; k < group.count; ++k) {
      ComparedRun& run = results_[group.configuration].runs[group.first + k];
      if (trained[k].result.stopped == StopReason::interrupted) continue;
      run.ended = true;
      std::memcpy(parameters.raw(), trained[k].parameters.raw(), parameters.bytes());
      copy_state(trained[k].statistics, network.store(), {StateRole::statistic});
      run.result = trained[k].result;
      run.score = evaluator.evaluate(job.target_scale());
      run.parameters_sha256 = parameters_sha256(network);
      if (run.last.epoch > 0 && (run.curve.empty() || run.curve.back().epoch < run.last.epoch))
        run.curve.push_back(run.last);
    }
  }

  const Read read_data_;
  const std::vector<Configuration>& configurations_;
  const CompareOptions& options_;
  const int threads_;
  std::vector<ComparedConfiguration> results_;
  std::vector<std::string> notes_;
  std::optional<LoadedSplits> read_;
  std::size_t read_as_ = 0;  // the configuration that read_ was read for
  std::vector<SeedGroup> groups_;
  std::size_t bytes_ = 0;
};

}  // namespace

NoValidationRows::NoValidationRows(std::string configuration)
    : Error(
          fmt::format("compare: validation rows are needed and there are none{}; set TableOptions::validation or pass "
                      "them as a part of the data",
                      configuration.empty() ? "" : " with " + configuration)),
      configuration_(std::move(configuration)) {}

bool ComparedRun::failed() const {
  if (result.stopped == StopReason::not_finite || !std::isfinite(score.loss)) return true;
  if (target) return !reached;
  return !(score.loss < constant_loss);
}

namespace {

ComparedTable compare(Read read, const std::vector<Configuration>& configurations, const CompareOptions& options) {
  if (options.seeds < 1 || options.log_every.value_or(1) < 1)
    throw Error("compare_configurations: seeds or log_every is less than 1; give at least 1");
  return Comparer(std::move(read), configurations, options).run();
}

}  // namespace

ComparedTable compare_configurations(const std::string& data, const std::vector<Configuration>& configurations,
                                     const CompareOptions& options) {
  return compare([&](const TableOptions& one) { return read_splits(data, one, /*fingerprint=*/false); }, configurations,
                 options);
}

ComparedTable compare_configurations(const TableSplits& data, const std::vector<Configuration>& configurations,
                                     const CompareOptions& options) {
  return compare([&](const TableOptions& one) { return splits_of(data, one); }, configurations, options);
}

}  // namespace hillock

// Configurations of a training on a table side by side, each from many seeds: what `hillock compare` does.
//
//   const ComparedTable compared = compare_configurations(
//       "xor", {{"relu", {.activation = "relu"}}, {"tanh", {.activation = "tanh"}}}, {.seeds = 100});
//   for (const ComparedConfiguration& each : compared.configurations) print(each.name, summarize(each).failed);
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/error.h"
#include "hillock/table.h"
#include "hillock/train.h"

namespace hillock {

// `options.seed` is the first seed.
struct Configuration {
  std::string name;  // for messages; may be empty where there is only one
  TableOptions options{};
};

struct CurvePoint {
  std::int64_t epoch = 0, steps = 0;
  double train_loss = 0;
  double validation_loss = 0;  // NaN without validation rows
};

// One seed of one configuration.
struct ComparedRun {
  std::uint64_t seed = 0;
  TrainResult result{};
  Metrics score{};  // of the kept weights, on ComparedConfiguration::split
  double constant_loss = 0;
  // The training loss that counts as learnt: TableOptions::target_loss, or for kSmallTableRows or fewer a tenth of what
  // a constant loses.
  std::optional<double> target{};
  std::optional<CurvePoint> reached{};  // the first epoch that had it
  double reached_seconds = 0;
  std::string parameters_sha256{};
  std::vector<CurvePoint> curve{};  // the first, every N-th and the last epoch
  CurvePoint last{};
  bool ended = false;

  // It did not come to an end, or did not reach the target, or without one is no better than a constant.
  bool failed() const;
};

struct ComparedConfiguration {
  std::string name{};
  Task task = Task::classification;
  std::string_view score = "accuracy";  // what main_score is: "accuracy", "rmse", "r2"
  std::string split{};                  // what scores are of: "test", "validation" or "train"
  std::int64_t log_every = 1;
  std::vector<ComparedRun> runs{};  // by seed; those that were interrupted are left out
};

struct ComparedTable {
  std::vector<ComparedConfiguration> configurations{};  // in their order
  std::vector<std::string> notes{};                     // what a user should know about the data, each once
};

struct CompareOptions {
  std::int64_t seeds = 10;
  int threads = 0;                          // as TableOptions::threads, whose own is not used
  std::optional<std::int64_t> log_every{};  // unset: a hundredth of the epochs
  bool needs_validation = false;            // refuse data without validation rows (NoValidationRows)
  const std::atomic<bool>* interrupt = nullptr;
  std::function<void()> on_end{};  // a run has ended by itself; from several threads at once
};

// Thrown with CompareOptions::needs_validation by a configuration that sets no rows aside for validation.
class NoValidationRows : public Error {
 public:
  explicit NoValidationRows(std::string configuration);
  const std::string& configuration() const { return configuration_; }  // its name

 private:
  std::string configuration_;
};

// Each run is train_table(data, options) with the configuration's options and the seed, whose split is by that seed
// too, to the bit; folds and restarts do not apply (Error). Trainings of the same shape go side by side
// (train_replicas). Data are read again only where the options read them otherwise. Throws Error, which names the
// configuration, for what train_table refuses. An interruption ends it; what had ended before is there.
ComparedTable compare_configurations(const std::string& data, const std::vector<Configuration>& configurations,
                                     const CompareOptions& options = {});
ComparedTable compare_configurations(const TableSplits& data, const std::vector<Configuration>& configurations,
                                     const CompareOptions& options = {});

// The loss of a configuration's runs over the epochs. A run that has ended keeps its last loss; one that ended because
// it was not finite counts as infinite from there.
struct LearningCurve {
  std::string name{};
  std::vector<double> epochs{};                 // the first, every N-th (log_every), and the last of each run
  std::vector<double> median{}, low{}, high{};  // of the runs; low and high are the 10th and the 90th percentile
};
// `loss` is &CurvePoint::train_loss or &CurvePoint::validation_loss. Empty without runs.
LearningCurve learning_curve(const ComparedConfiguration& configuration, double CurvePoint::*loss);

// Whether both read the same rows and columns of the same data, and split them alike by the same seed.
bool read_alike(const TableOptions& a, const TableOptions& b);

// The metric that a person reads: accuracy of classes, rmse of a number, r2 of several, which have no common unit.
double main_score(const Metrics& metrics, Task task);
std::string_view name_of_main_score(Task task, bool several_targets);

struct Spread {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double deviation = std::numeric_limits<double>::quiet_NaN();  // standard, with n − 1; 0 for one value
};

// Over the runs of a configuration. Scores are of the runs that ended with finite ones; steps and seconds of those that
// reached the target or, where there is none, of all. NaN where no run is left.
struct RunSummary {
  std::size_t runs = 0, failed = 0, not_finite = 0;
  Spread score{}, loss{};                                   // main_score, and the loss of the same rows
  double steps = std::numeric_limits<double>::quiet_NaN();  // medians
  double seconds = std::numeric_limits<double>::quiet_NaN();
};
RunSummary summarize(const ComparedConfiguration& configuration);

}  // namespace hillock

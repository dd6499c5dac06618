// Compares training configurations on one table, each over many seeds, as `hillock compare` does.
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

// One configuration to compare. `options.seed` is its first seed.
struct Configuration {
  std::string name;  // used in messages; may be empty if there is only one configuration
  TableOptions options{};
};

struct CurvePoint {
  std::int64_t epoch = 0, steps = 0;
  double train_loss = 0;
  double validation_loss = 0;  // NaN without validation rows
};

// The result of one configuration with one seed.
struct ComparedRun {
  std::uint64_t seed = 0;
  TrainResult result{};
  Metrics score{};           // of the kept weights, on the rows that ComparedConfiguration::split names
  double constant_loss = 0;  // of the constant baseline on the same rows as `score`
  // The training loss that counts as success: TableOptions::target_loss or, for tables of at most kSmallTableRows rows,
  // a tenth of the constant baseline's training loss. Unset: there is no target.
  std::optional<double> target{};
  std::optional<CurvePoint> reached{};  // the first epoch whose training loss is at most `target`
  double reached_seconds = 0;
  std::string parameters_sha256{};
  std::vector<CurvePoint> curve{};  // the first epoch, every log_every-th and the last
  CurvePoint last{};
  bool ended = false;  // false if the run was interrupted

  // True if the loss became NaN or infinite, if the target was not reached, or, without a target, if the loss of
  // `score` is not below constant_loss.
  bool failed() const;
};

struct ComparedConfiguration {
  std::string name{};
  Task task = Task::classification;
  std::string_view score = "accuracy";  // the name of main_score: "accuracy", "rmse" or "r2"
  std::string split{};                  // the split that scores are computed on: "test", "validation" or "train"
  std::int64_t log_every = 1;
  std::vector<ComparedRun> runs{};  // in the order of the seeds, without runs that were interrupted
};

struct ComparedTable {
  std::vector<ComparedConfiguration> configurations{};  // in the order of the arguments
  std::vector<std::string> notes{};                     // remarks on the data for the user, without repetitions
};

struct CompareOptions {
  std::int64_t seeds = 10;
  int threads = 0;                               // as TableOptions::threads, which is ignored here
  std::optional<std::int64_t> log_every{};       // in epochs; unset: a hundredth of the epochs
  bool needs_validation = false;                 // throw NoValidationRows for data without validation rows
  const std::atomic<bool>* interrupt = nullptr;  // stops all runs when it becomes true; may be nullptr
  std::function<void()> on_end{};  // called when a run ends without interruption, concurrently from several threads
};

// Thrown if CompareOptions::needs_validation is set and a configuration has no validation rows.
class NoValidationRows : public Error {
 public:
  explicit NoValidationRows(std::string configuration);
  const std::string& configuration() const { return configuration_; }  // the configuration's name

 private:
  std::string configuration_;
};

// Runs every configuration with `options.seeds` consecutive seeds. Each run gives the same bits as
// train_table(data, options) with the configuration's options and that seed, which also decides the split. Trainings of
// the same shape run side by side (train_replicas), and the data are read once for all configurations that read them
// alike. Throws Error, which names the configuration, if train_table would, or if folds or restarts are set. After an
// interruption the result contains the runs that had ended.
ComparedTable compare_configurations(const std::string& data, const std::vector<Configuration>& configurations,
                                     const CompareOptions& options = {});
ComparedTable compare_configurations(const TableSplits& data, const std::vector<Configuration>& configurations,
                                     const CompareOptions& options = {});

// The loss of a configuration's runs by epoch. A run that has ended keeps its last loss, or counts as infinite if it
// ended because its loss was not finite.
struct LearningCurve {
  std::string name{};
  std::vector<double> epochs{};                 // the first, every log_every-th, and the last epoch of each run
  std::vector<double> median{}, low{}, high{};  // over the runs; low and high are the 10th and 90th percentiles
};
// `loss` is &CurvePoint::train_loss or &CurvePoint::validation_loss. The curve is empty if there are no runs.
LearningCurve learning_curve(const ComparedConfiguration& configuration, double CurvePoint::*loss);

// Whether both options read the same rows and columns of the same data and, given the same seed, split them alike.
bool read_alike(const TableOptions& a, const TableOptions& b);

// The headline metric: accuracy for classification, RMSE for one regression target, and R² for several, whose units may
// differ.
double main_score(const Metrics& metrics, Task task);
std::string_view name_of_main_score(Task task, bool several_targets);

struct Spread {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double deviation = std::numeric_limits<double>::quiet_NaN();  // sample standard deviation (n − 1); 0 for one value
};

// Statistics over the runs of a configuration. Scores and losses are taken over the runs that ended with finite ones;
// steps and seconds over the runs that reached the target or, without a target, over all. NaN if there is no such run.
struct RunSummary {
  std::size_t runs = 0, failed = 0, not_finite = 0;
  Spread score{}, loss{};                                   // main_score and the loss, both on the same rows
  double steps = std::numeric_limits<double>::quiet_NaN();  // medians
  double seconds = std::numeric_limits<double>::quiet_NaN();
};
RunSummary summarize(const ComparedConfiguration& configuration);

}  // namespace hillock

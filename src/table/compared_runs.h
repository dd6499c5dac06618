// Trains combinations of options over the seeds.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hillock/train.h"
#include "table/options.h"

namespace hillock {

// One combination of options; `seed` is the first seed.
struct Configuration {
  std::string name;  // for messages; empty where there is only one
  TableOptions options;
};

struct CurvePoint {
  std::int64_t epoch = 0, steps = 0;
  double train_loss = 0;
  double validation_loss = 0;  // NaN without validation rows
};

// One seed of one combination.
struct ComparedRun {
  std::uint64_t seed = 0;
  TrainResult result;
  Metrics score;  // of the kept weights, on ComparedCombination::part
  double constant_loss = 0;
  std::optional<double> target;         // the training loss that counts as learnt
  std::optional<CurvePoint> reached{};  // the first epoch that had it
  double reached_seconds = 0;
  std::string parameters_sha256;
  std::vector<CurvePoint> curve;  // the first, every N-th and the last epoch
  CurvePoint last{};
  bool ended = false;

  // It did not come to an end, or did not reach the target, or without one is no better than a constant.
  bool failed() const;
};

struct ComparedCombination {
  Task task = Task::classification;
  std::string part;  // what scores are of: "test", "validation" or "train"
  std::int64_t log_every = 1;
  std::vector<ComparedRun> runs;  // by seed; those that were interrupted are left out
};

struct CompareOptions {
  std::int64_t seeds = 10;
  int threads = 1;
  std::optional<std::int64_t> log_every{};  // unset: a hundredth of the epochs
  bool needs_validation = false;            // refuse data without validation rows
  const std::atomic<bool>* interrupt = nullptr;
  std::vector<std::string>* notes = nullptr;  // what the user should know, each once
  std::function<void()> on_end{};             // a run has ended by itself; from several threads at once
};

// Each run is the training on `data` (load_data) with the combination's options and the seed, whose split is by that
// seed too. Throws Error, which names the combination, for what training refuses. `interrupt` ends it; what had ended
// before is there.
std::vector<ComparedCombination> train_configurations(const std::string& data,
                                                      const std::vector<Configuration>& configurations,
                                                      const CompareOptions& options);

}  // namespace hillock

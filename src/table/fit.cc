// Restarts repeat the run with other initial weights and another order of rows.
#include "table/fit.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace hillock {
namespace {

// A run from one set of initial weights.
struct Attempt {
  Network network;
  TrainResult result;
  double loss = 0;  // the lowest validation loss, or the last training loss if there is no validation split
};

// The seed of restart `number`; the first run uses the user's seed. (SplitMix64, Steele et al. 2014.)
std::uint64_t seed_of(std::uint64_t seed, std::int64_t number) {
  if (number == 0) return seed;
  std::uint64_t z = seed + static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

Attempt attempt(Network network, const PreparedJob& job, std::uint64_t seed, std::int64_t restart,
                const TrainingListener& listener) {
  double lowest = INFINITY;
  if (listener.on_begin) listener.on_begin(network, restart);
  TrainOptions options = job.options;
  options.seed = seed;
  options.on_step = listener.on_step;
  options.on_epoch = [&](const EpochReport& report) {
    if (report.validation) lowest = std::min(lowest, report.validation->loss);
    if (listener.on_epoch) listener.on_epoch(report);
    return true;
  };
  const std::optional<Examples> validation = validation_examples(job);
  TrainResult result = Trainer(network, options).fit(training_examples(job), validation);
  const double loss = !result.finite ? INFINITY : validation || result.epochs == 0 ? lowest : result.train_loss;
  return {std::move(network), std::move(result), loss};
}

bool may_begin_again(const TrainResult& result) {
  return result.stopped != StopReason::target_loss && result.stopped != StopReason::interrupted;
}

}  // namespace

Fit fit(PreparedJob& job, const TrainingListener& listener) {
  job.options.interrupt = listener.interrupt;
  const auto start = std::chrono::steady_clock::now();
  const auto told = [&](Attempt& ended, bool best) {
    if (listener.on_end) listener.on_end(ended.result, best);
  };
  Attempt best = attempt(std::move(job.model.network), job, job.options.seed, 0, listener);
  told(best, true);
  Fit fit;
  bool again = may_begin_again(best.result);
  while (again && fit.restarts < job.restarts) {
    const std::uint64_t seed = seed_of(job.options.seed, ++fit.restarts);
    job.model.network = std::move(best.network);  // fresh_network needs its shape
    Attempt next = attempt(fresh_network(job, seed), job, seed, fit.restarts, listener);
    best.network = std::move(job.model.network);
    again = may_begin_again(next.result);
    const bool better = next.loss < best.loss || next.result.stopped == StopReason::target_loss;
    told(next, better);
    if (better) best = std::move(next);
    if (listener.interrupted()) best.result.stopped = StopReason::interrupted;
  }
  job.model.network = std::move(best.network);
  fit.result = std::move(best.result);
  fit.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (listener.on_finish) listener.on_finish(job.model.network, fit.result);
  return fit;
}

}  // namespace hillock

// Training a job: one run, and others from other first weights where the target loss asks for them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "hillock/network.h"
#include "hillock/train.h"
#include "table/job.h"

namespace hillock {

// Who is told while it trains, and may stop it. Each may be empty.
struct TrainingListener {
  // A run of `network`, which stays where it is until the next begins; restart 0 is the first run.
  std::function<void(const Network& network, std::int64_t restart)> on_begin{};
  std::function<void(const StepReport& report)> on_step{};
  std::function<void(const EpochReport& report)> on_epoch{};
  // A run has ended; `best`: its weights are the ones to keep so far.
  std::function<void(const TrainResult& result, bool best)> on_end{};
  // When it becomes true training stops after the step it is in.
  const std::atomic<bool>* interrupt = nullptr;

  bool interrupted() const { return interrupt != nullptr && interrupt->load(); }
};

// How training went, all restarts together.
struct Fit {
  TrainResult result;  // of the weights that are kept
  std::int64_t restarts = 0;
  double seconds = 0;  // of all of them
};

// Trains job.model, with restarts; afterwards it holds the best network.
Fit fit(Job& job, const TrainingListener& listener = {});

}  // namespace hillock

// Trains a job: one run, followed by restarts from other initial weights if a target loss asks for them.
#pragma once

#include <cstdint>

#include "hillock/table.h"
#include "hillock/train.h"
#include "table/job.h"

namespace hillock {

// How training went, over all restarts.
struct Fit {
  TrainResult result;  // of the weights that are kept
  std::int64_t restarts = 0;
  double seconds = 0;  // of all runs together
};

// Trains job.model, with restarts. Afterwards job.model holds the best network and job.options.interrupt is set.
Fit fit(PreparedJob& job, const TrainingListener& listener = {});

}  // namespace hillock

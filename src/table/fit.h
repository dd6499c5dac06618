// Training a job: one run, and others from other first weights where the target loss asks for them.
#pragma once

#include <cstdint>

#include "hillock/table.h"
#include "hillock/train.h"
#include "table/job.h"

namespace hillock {

// How training went, all restarts together.
struct Fit {
  TrainResult result;  // of the weights that are kept
  std::int64_t restarts = 0;
  double seconds = 0;  // of all of them
};

// Trains job.model, with restarts; afterwards it holds the best network, and job.options the interruption to listen to.
Fit fit(PreparedJob& job, const TrainingListener& listener = {});

}  // namespace hillock

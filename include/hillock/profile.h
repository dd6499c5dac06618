// Measures how long each step of a plan takes, and computes the least time that the machine's limits allow.
#pragma once

#include <vector>

#include "hillock/machine.h"
#include "hillock/plan.h"
#include "hillock/state.h"

namespace hillock {

struct StepTime {
  double seconds = 0;  // the median of several samples
  // The larger of two times: for its operations at the peak rate of their dtype, and for its bytes at the bandwidth of
  // the first-level cache (if they are 1 MiB or less) or of memory.
  double least_seconds = 0;
};

// Runs every step of `plan` many times, one step after the other, on made-up inputs with limits.threads threads.
// Returns one entry for each of plan.steps(). Takes about 20 ms per step, or ten runs of a step that is slower than
// that. Steps that write a state change it in `store`; pass a copy of a store that must be kept. Throws Error as
// Session does.
std::vector<StepTime> time_steps(const Plan& plan, Store& store, const MachineLimits& limits);

}  // namespace hillock

// How long each step of a plan takes, beside the least time that the machine would allow.
#pragma once

#include <vector>

#include "hillock/machine.h"
#include "hillock/plan.h"
#include "hillock/state.h"

namespace hillock {

struct StepTime {
  double seconds = 0;  // median of several samples
  // Its operations at the peak of their dtype, or its bytes at the bandwidth of the first-level cache (1 MiB or less)
  // or of memory: the longer of the two.
  double least_seconds = 0;
};

// Runs every step of `plan` many times, one after another, on made-up inputs with limits.threads threads. One entry for
// each of plan.steps(). Takes about 20 ms a step and whatever a slow one needs for ten runs. Steps that write a state
// change it in `store`: give a copy of what is to be kept. Throws Error as Session does.
std::vector<StepTime> time_steps(const Plan& plan, Store& store, const MachineLimits& limits);

}  // namespace hillock

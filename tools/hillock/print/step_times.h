// Times of a plan's steps beside what the machine could do at most.
#pragma once

#include <string>

#include "hillock/plan.h"
#include "hillock/state.h"

namespace hillock::program {

// What a step's time is compared with, measured on this machine.
struct StepLimits {
  int threads = 1;
  double f32_flops_per_second = 0;
  double f64_flops_per_second = 0;
  double cache_bytes_per_second = 0;   // first-level cache
  double memory_bytes_per_second = 0;  // arrays larger than any cache
};
StepLimits measure_step_limits(int threads);

// Runs every step of `plan` many times, in order, on made-up inputs, and returns a table of operations, bytes, median
// time, rates, and the least possible time in percent of it. The states in `store` are trained on those inputs.
std::string step_times(const Plan& plan, Store& store, const StepLimits& limits);

}  // namespace hillock::program

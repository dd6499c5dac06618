// The times of a plan's steps compared with the limits of the machine, as hillock plan --time prints them.
#pragma once

#include <string>
#include <vector>

#include "hillock/machine.h"
#include "hillock/plan.h"
#include "hillock/profile.h"

namespace hillock::program {

// The limits on one line.
std::string limits_text(const MachineLimits& limits);

// A table of operations, bytes, median times, rates, and the least possible time in percent of the measured one.
// `times` are those of the plan's steps, in order.
std::string plan_times_text(const Plan& plan, const std::vector<StepTime>& times);

}  // namespace hillock::program

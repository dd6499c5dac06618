// Times of a plan's steps beside what the machine could do at most, as hillock plan --time prints them.
#pragma once

#include <string>
#include <vector>

#include "hillock/machine.h"
#include "hillock/plan.h"
#include "hillock/profile.h"

namespace hillock::program {

// One line.
std::string limits_text(const MachineLimits& limits);

// A table of operations, bytes, median time, rates, and the least possible time in percent of it. `times` are of the
// plan's steps, in order.
std::string plan_times_text(const Plan& plan, const std::vector<StepTime>& times);

}  // namespace hillock::program

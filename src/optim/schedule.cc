// Learning-rate schedules.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/math.h"
#include "hillock/optim.h"
#include "nn/named.h"

namespace hillock {
namespace {

// cos(pi x) for 0 <= x <= 1 as sin(pi (1/2 - x)) by its series: the C library's cosine may differ between machines, and
// the rate is part of the result. The first term left out, (pi/2)^25 / 25!, is below 1e-20.
double cos_pi(double x) {
  const double t = std::numbers::pi * (0.5 - x);
  double term = t;
  double sum = t;
  for (int k = 1; k < 12; ++k) {
    term *= -t * t / (2.0 * k * (2.0 * k + 1.0));
    sum += term;
  }
  return sum;
}

}  // namespace

double Schedule::factor(std::int64_t step, std::int64_t total) const {
  const double length = static_cast<double>(std::max<std::int64_t>(total, 1));
  const double warmup_steps = std::floor(warmup * length);
  const double position = static_cast<double>(step - 1);  // steps taken before this one
  if (position < warmup_steps) return (position + 1) / (warmup_steps + 1);
  switch (kind) {
    case Kind::constant: return 1;
    case Kind::step: return math::power(step_factor, std::floor(position / std::max(1.0, step_every * length)));
    case Kind::cosine: {
      const double progress = (position - warmup_steps) / std::max(1.0, length - warmup_steps);
      return final_fraction + (1 - final_fraction) * 0.5 * (1 + cos_pi(std::min(progress, 1.0)));
    }
  }
  return 1;
}

std::vector<nn::NameAndSummary> schedules() {
  return {{"constant", "the same rate throughout"},
          {"step", "a tenth after each third of the run"},
          {"cosine", "falls to zero along a half cosine (Loshchilov & Hutter 2017)"}};
}

Schedule schedule_from_name(std::string_view name) {
  return {.kind = static_cast<Schedule::Kind>(nn::find_in_menu("schedule", schedules(), name))};
}

}  // namespace hillock

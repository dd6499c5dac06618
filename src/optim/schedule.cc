// Learning-rate schedules.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "hillock/optim.h"
#include "nn/named.h"

namespace hillock {

double Schedule::factor(std::int64_t step, std::int64_t total) const {
  const double length = static_cast<double>(std::max<std::int64_t>(total, 1));
  const double warmup_steps = std::floor(warmup * length);
  const double position = static_cast<double>(step - 1);  // steps taken before this one
  if (position < warmup_steps) return (position + 1) / (warmup_steps + 1);
  switch (kind) {
    case Kind::constant: return 1;
    case Kind::step: return std::pow(step_factor, std::floor(position / std::max(1.0, step_every * length)));
    case Kind::cosine: {
      const double progress = (position - warmup_steps) / std::max(1.0, length - warmup_steps);
      return final_fraction + (1 - final_fraction) * 0.5 * (1 + std::cos(std::numbers::pi * progress));
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

// Learning-rate schedules.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/math.h"
#include "hillock/optim.h"
#include "nn/named.h"

namespace hillock {
namespace {

// cos(pi x) for 0 <= x <= 1, as the series of sin(pi (1/2 - x)). The C library's cosine may differ between machines,
// and the rate affects the results. The first term that is left out, (pi/2)^25 / 25!, is below 1e-20.
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

// From `from` (x = 0) to `to` (x = 1) along half a cosine.
double along_cosine(double from, double to, double x) { return to + (from - to) * 0.5 * (1 + cos_pi(x)); }

// PyTorch's OneCycleLR, whose phases end at rise * length - 1 and length - 1 steps.
double one_cycle(const Schedule& schedule, double position, double length) {
  const double start = 1 / schedule.cycle_start;
  const double top = schedule.cycle_rise * length - 1;
  if (position <= top) return along_cosine(start, 1, top > 0 ? position / top : 1);
  const double down = (position - top) / std::max(length - 1 - top, 1e-9);
  return along_cosine(1, start / schedule.cycle_end, std::min(down, 1.0));
}

}  // namespace

double Schedule::factor(std::int64_t step, std::int64_t total) const {
  const double length = static_cast<double>(std::max<std::int64_t>(total, 1));
  const double warmup_steps = std::floor(warmup * length);
  const double position = static_cast<double>(step - 1);  // the number of steps before this one
  if (kind == Kind::one_cycle) return one_cycle(*this, position, length);
  if (position < warmup_steps) return (position + 1) / (warmup_steps + 1);
  switch (kind) {
    case Kind::constant:
    case Kind::on_plateau:
    case Kind::one_cycle: return 1;
    case Kind::exponential: return math::power(exponential_end, position / length);
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
          {"cosine", "falls to zero along a half cosine (Loshchilov & Hutter 2017)"},
          {"exponential", "exponential E: falls by the same factor at each step, to E (0.01) of it at the end"},
          {"one-cycle", "rises for 0.3 of the run from a 25th, then falls to almost zero (Smith & Topin 2017)"},
          {"on-plateau", "on-plateau F N: times F (0.1) after N (10) epochs in which the loss fell no more"}};
}

Schedule schedule_from_name(std::string_view text) {
  const nn::NameAndNumbers words = nn::name_and_numbers("schedule", text);
  Schedule schedule{.kind = static_cast<Schedule::Kind>(nn::find_in_menu("schedule", schedules(), words.name))};
  const bool exponential = schedule.kind == Schedule::Kind::exponential;
  const bool plateau = schedule.kind == Schedule::Kind::on_plateau;
  nn::require_at_most("schedule", words, plateau ? 2 : exponential ? 1 : 0);
  const std::vector<double>& numbers = words.numbers;
  if (!numbers.empty()) {
    if (!(numbers[0] > 0 && numbers[0] < 1)) {
      throw Error(
          fmt::format("schedule: {} {} is out of range; give a factor above 0 and below 1", words.name, numbers[0]));
    }
    (plateau ? schedule.plateau_factor : schedule.exponential_end) = numbers[0];
  }
  if (numbers.size() > 1) {
    if (!(numbers[1] >= 0 && numbers[1] <= 1e9 && std::floor(numbers[1]) == numbers[1])) {
      throw Error(
          fmt::format("schedule: {} waits {} epochs; give a whole number of at least 0", words.name, numbers[1]));
    }
    schedule.plateau_patience = static_cast<std::int64_t>(numbers[1]);
  }
  return schedule;
}

void Plateau::observe(double loss) {
  if (loss < state_.best * (1 - schedule_.plateau_threshold)) {
    state_.best = loss;
    state_.epochs_without = 0;
    return;
  }
  if (++state_.epochs_without <= schedule_.plateau_patience) return;
  state_.factor *= schedule_.plateau_factor;
  state_.epochs_without = 0;
}

}  // namespace hillock

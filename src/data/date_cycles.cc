// Times whose places in a cycle are all near one another say nothing by them; times that extend over less than half of
// a cycle are told apart as well by the time itself.
#include "data/date_cycles.h"

#include <algorithm>
#include <cmath>

#include "core/math.h"
#include "data/dates.h"

namespace hillock {
namespace {

// The length of the mean of the places, as points on a circle, is 1 where all are one. Between the first days of the
// years it is 0.9999: years differ from the mean year by up to a day.
constexpr double kOnePlace = 0.999;

bool varies(nn::Cycle cycle, const std::vector<double>& times) {
  double sine = 0, cosine = 0;
  for (const double time : times) {
    const double angle = nn::angle_of(cycle, time);
    sine += math::sin(angle);
    cosine += math::cos(angle);
  }
  return std::sqrt(sine * sine + cosine * cosine) < kOnePlace * static_cast<double>(times.size());
}

}  // namespace

std::vector<nn::Cycle> cycles_of(const std::vector<double>& times) {
  std::vector<nn::Cycle> cycles;
  if (times.empty()) return cycles;
  const auto [first, last] = std::ranges::minmax_element(times);
  const bool of_months = std::ranges::all_of(times, [](double time) { return day_of_month(time) == 1; });
  for (const nn::Cycle cycle : {nn::Cycle::day, nn::Cycle::week, nn::Cycle::year}) {
    if (*last - *first < nn::seconds_of(cycle) / 2) continue;
    if (cycle == nn::Cycle::week && of_months) continue;
    if (varies(cycle, times)) cycles.push_back(cycle);
  }
  return cycles;
}

}  // namespace hillock

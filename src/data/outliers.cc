// Judged by the middle half of a thousand evenly spaced values.
#include "data/outliers.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hillock {

std::optional<Outliers> find_outliers(std::int64_t rows, Interval range,
                                      const std::function<double(std::int64_t row)>& at) {
  constexpr std::int64_t kSampled = 1000, kFew = 3, kFewOf = 1000;
  constexpr double kFar = 1e5;
  std::vector<double> sample;
  const std::int64_t step = std::max<std::int64_t>(1, rows / kSampled);
  for (std::int64_t row = 0; row < rows; row += step) {
    if (std::isfinite(at(row))) sample.push_back(at(row));
  }
  constexpr std::size_t kFewest = 10;
  if (sample.size() < kFewest) return {};
  std::sort(sample.begin(), sample.end());
  const std::size_t last = sample.size() - 1;
  const Interval most{sample[last / 20], sample[last - last / 20]};
  const double middle = sample[last / 2];
  double spread = sample[last - last / 4] - sample[last / 4];
  if (spread == 0) spread = most.high - most.low;
  const auto is_far = [&](double value) { return std::abs(value - middle) > kFar * spread; };
  if (spread == 0 || !(is_far(range.low) || is_far(range.high))) return {};
  Outliers found{.others = most};
  for (std::int64_t row = 0; row < rows; ++row) {
    if (!is_far(at(row)) || found.count++ > 0) continue;  // never a NaN
    found.row = row;
    found.value = at(row);
  }
  return found.count <= std::max(kFew, rows / kFewOf) ? std::optional(found) : std::nullopt;
}

}  // namespace hillock

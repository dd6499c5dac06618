// Single cells that are so far from all others of their column that they spoil it: a slip of 1e20 among ages.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace hillock {

struct Interval {
  double low = 0, high = 0;
};

struct Outliers {
  std::int64_t count = 0;
  std::int64_t row = 0;  // of the first
  double value = 0;      // of the first
  Interval others{};     // where most of the others lie
};

// The values beyond `range`'s middle by more than 100 000 times the spread of a sample, if they are very few; nothing
// otherwise. `at` gives the value of a row, NaN where it is missing; `range` holds all of them. Takes time only if
// there are such values.
std::optional<Outliers> find_outliers(std::int64_t rows, Interval range,
                                      const std::function<double(std::int64_t row)>& at);

}  // namespace hillock

// Columns that give the target away.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// One column, or two numeric ones together, from which the target follows nearly without error.
struct Leak {
  std::size_t first = 0;
  std::optional<std::size_t> second{};
  const char* measure = "";  // what `share` is: "R²", "AUC", "errors removed"
  double share = 0;
};

// A column leaks if from it alone the target follows with R² (the best straight line, or the mean of each category;
// regression) or AUC (two classes, a number in either direction; a category scores by the share of the second class
// among its other rows) of at least 0.995, or, for more classes, if the most frequent class of each category makes so
// much less errors than the most frequent class of all. Two numeric columns leak if a plane over them does so for a
// regression (to 0.9999) and neither does alone. Categories of fewer than five rows on average are no evidence. At most
// 100 000 rows and 300 columns are looked at, and pairs of the first 60 numeric ones.
std::vector<Leak> find_leaks(const Dataset& train);

}  // namespace hillock

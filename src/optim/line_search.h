// A line search that ends at a point where the strong Wolfe conditions hold (Nocedal & Wright, Numerical Optimization,
// 2nd edition, algorithms 3.5 and 3.6, with the cubic interpolation of equation 3.59).
#pragma once

#include <functional>

#include "hillock/optim.h"

namespace hillock::optim {

// A point of a function along a line: value and slope at `length` times the direction.
struct LinePoint {
  double length = 0;
  double value = 0;
  double slope = 0;
};
using Line = std::function<LinePoint(double length)>;

// Searches from `start` (length 0, slope below 0), trying `first` first. Returns a point that satisfies both
// conditions. If `options.most_evaluations` do not suffice or rounding hides the difference, returns the lowest point
// found that satisfies the first condition, or `start` itself. A value that is not finite counts as too far.
LinePoint search_line(const LinePoint& start, double first, const LbfgsOptions& options, const Line& line);

}  // namespace hillock::optim

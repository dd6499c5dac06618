// The strong Wolfe line search.
#include "optim/line_search.h"

#include <algorithm>
#include <cmath>

namespace hillock::optim {
namespace {

constexpr double kFarthest = 10;      // the largest factor between the lengths of two attempts
constexpr double kNearest = 1.1;      // the smallest such factor
constexpr double kFromTheEnds = 0.1;  // the least distance of a trial from the ends, as a share of the interval

// The minimum of the cubic through both values and slopes (3.59); NaN if it has none.
double cubic_minimum(const LinePoint& a, const LinePoint& b) {
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.length - b.length);
  const double inside = d1 * d1 - a.slope * b.slope;
  if (!(inside >= 0)) return NAN;
  const double d2 = std::copysign(std::sqrt(inside), b.length - a.length);
  return b.length - (b.length - a.length) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
}

class Search {
 public:
  Search(const LinePoint& start, const LbfgsOptions& options, const Line& line)
      : start_(start), options_(options), line_(line) {}

  // Algorithm 3.5: extends the interval until it contains an acceptable point.
  LinePoint run(double length) {
    LinePoint last = start_;
    while (left()) {
      const LinePoint point = evaluate(length);
      if (too_high(point) || (last.length > 0 && point.value >= last.value)) return zoom(last, point);
      if (flat_enough(point)) return point;
      if (point.slope >= 0) return zoom(point, last);
      const double guess = cubic_minimum(last, point);
      length = std::clamp(std::isfinite(guess) ? guess : kFarthest * length, kNearest * length, kFarthest * length);
      last = point;
    }
    return last;
  }

 private:
  bool left() const { return evaluations_ < options_.most_evaluations; }
  LinePoint evaluate(double length) {
    ++evaluations_;
    return line_(length);
  }
  bool too_high(const LinePoint& point) const {
    return !std::isfinite(point.value) || !std::isfinite(point.slope) ||
           point.value > start_.value + options_.decrease * point.length * start_.slope;
  }
  bool flat_enough(const LinePoint& point) const { return std::abs(point.slope) <= -options_.curvature * start_.slope; }

  // Algorithm 3.6: `low` is the best point so far, and its slope points towards `high`.
  LinePoint zoom(LinePoint low, LinePoint high) {
    while (left()) {
      const double width = high.length - low.length;
      if (std::abs(width) <= 1e-15 * std::max(std::abs(high.length), std::abs(low.length))) break;
      const double guess = std::isfinite(high.value) && std::isfinite(high.slope) ? cubic_minimum(low, high) : NAN;
      const double share = std::isfinite(guess) ? (guess - low.length) / width : 0.5;
      const LinePoint point = evaluate(low.length + width * std::clamp(share, kFromTheEnds, 1 - kFromTheEnds));
      if (too_high(point) || point.value >= low.value) {
        high = point;
        continue;
      }
      if (flat_enough(point)) return point;
      if (point.slope * width >= 0) high = low;
      low = point;
    }
    return low;
  }

  LinePoint start_;
  const LbfgsOptions& options_;
  const Line& line_;
  int evaluations_ = 0;
};

}  // namespace

LinePoint search_line(const LinePoint& start, double first, const LbfgsOptions& options, const Line& line) {
  return Search(start, options, line).run(first);
}

}  // namespace hillock::optim

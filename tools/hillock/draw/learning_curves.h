// Draws learning curves in a terminal and as SVG.
#pragma once

#include <string>
#include <vector>

#include "hillock/compare.h"

namespace hillock::program {

// A logarithmic scale for some curves, from `low` to `high`, 0 < low < high.
struct LossScale {
  double low = 0, high = 0;
  // 0 at the low end, 1 at the high end; values outside are clamped.
  double place(double loss) const;
};
LossScale scale_of(const std::vector<LearningCurve>& curves, bool spread);

struct ChartOptions {
  int columns = 80, rows = 16;  // of the chart with its scale on the left; title, axis and legend need more rows
  bool color = false;
  std::string title = "training loss, the median of the runs";
  std::string marks = "abcdefghijkl";  // one character per curve
  bool short_legend = false;           // whether the legend is on one line, also for one curve
};
// Draws at most one curve per mark (those whose medians end lowest), and a legend. Empty if there are no points.
std::string draw_curves(std::vector<LearningCurve> curves, const ChartOptions& options = {});

// A picture of all curves with bands from the 10th to the 90th percentile.
std::string curves_svg(const std::vector<LearningCurve>& curves, const std::string& title);

}  // namespace hillock::program

// Learning curves drawn in a terminal and as SVG.
#pragma once

#include <string>
#include <vector>

#include "hillock/compare.h"

namespace hillock::program {

// A logarithmic scale that holds some curves: from `low` to `high`, 0 < low < high.
struct LossScale {
  double low = 0, high = 0;
  // 0 at the low end, 1 at the high one; values beyond are moved there.
  double place(double loss) const;
};
LossScale scale_of(const std::vector<LearningCurve>& curves, bool spread);

struct ChartOptions {
  int columns = 80, rows = 16;  // of the chart with its scale on the left; title, axis and legend are more rows
  bool color = false;
  std::string title = "training loss, the median of the runs";
  std::string marks = "abcdefghijkl";  // a character for each curve
  bool short_legend = false;           // on one line, also of one curve
};
// A curve for each mark at most (those whose median ends lowest), and a legend. Empty if there is no point.
std::string draw_curves(std::vector<LearningCurve> curves, const ChartOptions& options = {});

// A picture of all curves with bands from the 10th to the 90th percentile.
std::string curves_svg(const std::vector<LearningCurve>& curves, const std::string& title);

}  // namespace hillock::program

// Draws learning curves in characters.
#include "draw/learning_curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "hillock/text.h"

namespace hillock::program {
namespace {

constexpr int kLabel = 9;  // columns for the numbers to the left of the chart
constexpr std::array<int, 6> kColors{36, 33, 35, 32, 31, 34};

// The character for a curve.
std::string mark(std::size_t curve, const ChartOptions& options) {
  const std::string text(1, options.marks[curve]);
  return options.color ? fmt::format("\x1b[{}m{}\x1b[0m", kColors[curve % kColors.size()], text) : text;
}

// The median at this epoch, interpolated between its points; NaN if it is not finite or missing.
double median_at(const LearningCurve& curve, double epoch) {
  const auto after = std::ranges::lower_bound(curve.epochs, epoch);
  if (after == curve.epochs.end()) return NAN;
  const auto k = static_cast<std::size_t>(after - curve.epochs.begin());
  if (k == 0 || curve.epochs[k] == epoch) return curve.median[k];
  const double part = (epoch - curve.epochs[k - 1]) / (curve.epochs[k] - curve.epochs[k - 1]);
  return curve.median[k - 1] + part * (curve.median[k] - curve.median[k - 1]);
}

// The index of the curve at each place of the chart, or -1. Earlier curves cover later ones.
std::vector<std::vector<int>> places(const std::vector<LearningCurve>& curves, const LossScale& scale, int columns,
                                     int rows) {
  double last = 1;
  for (const LearningCurve& curve : curves) last = std::max(last, curve.epochs.empty() ? 1 : curve.epochs.back());
  std::vector<std::vector<int>> grid(static_cast<std::size_t>(rows),
                                     std::vector<int>(static_cast<std::size_t>(columns), -1));
  for (std::size_t k = curves.size(); k-- > 0;) {
    for (int column = 0; column < (last > 1 ? columns : 1); ++column) {
      const double loss = median_at(curves[k], 1 + (last - 1) * column / (columns - 1));
      if (!std::isfinite(loss)) continue;
      const auto row = static_cast<std::size_t>(std::lround((1 - scale.place(loss)) * (rows - 1)));
      grid[row][static_cast<std::size_t>(column)] = static_cast<int>(k);
    }
  }
  return grid;
}

std::string axis(const std::vector<LearningCurve>& curves, int columns) {
  double last = 1;
  for (const LearningCurve& curve : curves) last = std::max(last, curve.epochs.empty() ? 1 : curve.epochs.back());
  const std::string end = fmt::format("{} epoch{}", last, last > 1 ? "s" : "");
  const int gap = std::max(1, columns - 1 - static_cast<int>(end.size()));
  return fmt::format("{:>{}} +{}\n{:>{}}  1{:>{}}\n", "", kLabel, std::string(static_cast<std::size_t>(columns), '-'),
                     "", kLabel, end, gap + static_cast<int>(end.size()));
}

void keep_best(std::vector<LearningCurve>& curves, std::size_t most) {
  std::erase_if(curves, [](const LearningCurve& curve) { return curve.epochs.empty(); });
  if (curves.size() <= most) return;
  std::ranges::stable_sort(curves, {}, [](const LearningCurve& curve) { return curve.median.back(); });
  curves.resize(most);
}

std::string legend(const std::vector<LearningCurve>& curves, std::size_t all, const ChartOptions& options) {
  std::string text;
  if (options.short_legend) {
    for (std::size_t k = 0; k < curves.size(); ++k)
      text += fmt::format("  {} {}", mark(k, options), printable(curves[k].name));
    return fmt::format("{:>{}}{}\n", "", kLabel, text);
  }
  for (std::size_t k = 0; all > 1 && k < curves.size(); ++k)
    text += fmt::format("  {}  {}\n", mark(k, options), printable(curves[k].name));
  if (all > curves.size())
    text += fmt::format("  ({} of {} combinations: those whose median ends lowest)\n", curves.size(), all);
  return text;
}

}  // namespace

double LossScale::place(double loss) const {
  const double kept = std::clamp(loss, low, high);
  return std::log(kept / low) / std::log(high / low);
}

LossScale scale_of(const std::vector<LearningCurve>& curves, bool spread) {
  double low = std::numeric_limits<double>::infinity(), high = 0;
  const auto look = [&](const std::vector<double>& values) {
    for (const double value : values) {
      if (!std::isfinite(value) || value <= 0) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  };
  for (const LearningCurve& curve : curves) {
    look(curve.median);
    if (spread) look(curve.low);
    if (spread) look(curve.high);
  }
  if (high == 0) return {0.1, 1};
  return low < high ? LossScale{low, high} : LossScale{low / 2, high * 2};
}

std::string draw_curves(std::vector<LearningCurve> curves, const ChartOptions& options) {
  const std::size_t all = curves.size();
  keep_best(curves, options.marks.size());
  if (curves.empty()) return "";
  const LossScale scale = scale_of(curves, false);
  const int columns = options.columns - kLabel - 3;
  std::string text = options.title + "\n";
  const std::vector<std::vector<int>> grid = places(curves, scale, columns, options.rows);
  for (int row = 0; row < options.rows; ++row) {
    const double value = scale.high * std::pow(scale.low / scale.high, static_cast<double>(row) / (options.rows - 1));
    std::string line = row % 5 == 0 ? fmt::format("{:>{}.3g} |", value, kLabel) : fmt::format("{:>{}} |", "", kLabel);
    for (const int curve : grid[static_cast<std::size_t>(row)])
      line += curve < 0 ? " " : mark(static_cast<std::size_t>(curve), options);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text + axis(curves, columns) + legend(curves, all, options);
}

}  // namespace hillock::program

// Draws the map in characters: shades or letters for the network's answers, marks for the rows.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "draw/plane_map.h"
#include "hillock/decision.h"
#include "hillock/text.h"

namespace hillock::program {
namespace {

struct Cell {
  std::string text;
  std::string code;  // the codes of its colors; empty without color
};
using Cells = std::vector<Cell>;

constexpr std::array<const char*, 4> kShades{" ", "░", "▒", "▓"};
constexpr std::array<const char*, 5> kHeights{" ", "░", "▒", "▓", "█"};  // fifths of a number's range
constexpr std::string_view kMarksOfTwo = "ox";
constexpr std::string_view kMarks = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr double kSure = 0.75;

// Colors from a terminal's 256, from low to high.
constexpr std::array<int, 8> kChanceColors{26, 68, 110, 152, 223, 215, 208, 166};
constexpr std::array<int, 8> kHeightColors{17, 18, 24, 30, 36, 71, 143, 220};
constexpr std::array<std::array<int, 2>, 10> kClassColors{{{110, 26},
                                                           {215, 166},
                                                           {114, 28},
                                                           {176, 91},
                                                           {186, 136},
                                                           {181, 95},
                                                           {152, 30},
                                                           {224, 204},
                                                           {145, 59},
                                                           {229, 220}}};  // for unsure and sure answers

// A background color with marks in a color that stands out: black, or white if the background is dark (in the color
// cube from 16 on).
std::string background(int color) {
  constexpr double kDark = 1.5;  // of 5
  const int red = (color - 16) / 36, green = (color - 16) / 6 % 6, blue = (color - 16) % 6;
  const bool dark = 0.3 * red + 0.59 * green + 0.11 * blue < kDark;
  return fmt::format("38;5;{};48;5;{}", dark ? 231 : 16, color);
}

template <std::size_t N>
std::size_t level(double part, const std::array<int, N>&) {
  return std::min(N - 1, static_cast<std::size_t>(part * static_cast<double>(N)));
}

Cell two_class_cell(const Decision& decision, bool color) {
  const double chance = decision.winner == 1 ? decision.confidence : 1 - decision.confidence;
  if (color) return {" ", background(kChanceColors[level(chance, kChanceColors)])};
  return {kShades[std::min<std::size_t>(3, static_cast<std::size_t>(4 * chance))], ""};
}

// For more than two classes.
Cell class_cell(const Decision& decision, std::size_t classes, bool color) {
  const bool sure = decision.confidence >= kSure;
  if (color) return {" ", background(kClassColors[decision.winner % kClassColors.size()][sure ? 1 : 0])};
  if (!sure) return {"·", ""};
  if (classes <= kShades.size()) return {kShades[decision.winner], ""};
  return {decision.winner < kMarks.size() ? std::string(1, static_cast<char>('a' + decision.winner)) : "#", ""};
}

Cells class_cells(const Model& model, const Tensor& outputs, bool color) {
  Cells cells;
  for (const Decision& decision : decide(outputs, model.loss_function().margins())) {
    if (std::isnan(decision.confidence)) {
      cells.push_back({"?", ""});
    } else {
      cells.push_back(model.classes.size() == 2 ? two_class_cell(decision, color)
                                                : class_cell(decision, model.classes.size(), color));
    }
  }
  return cells;
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  double width() const { return low < high ? high - low : 1; }
};

Range range_of(const Tensor& outputs) {
  Range range;
  for (std::int64_t k = 0; k < outputs.elements(); ++k) {
    if (!std::isfinite(outputs.at(k))) continue;
    range.low = std::min(range.low, outputs.at(k));
    range.high = std::max(range.high, outputs.at(k));
  }
  return range;
}

Cells height_cells(const Tensor& outputs, const Range& range, bool color) {
  Cells cells;
  for (std::int64_t k = 0; k < outputs.elements(); ++k) {
    const double part = (outputs.at(k) - range.low) / range.width();
    if (!std::isfinite(part)) {
      cells.push_back({"?", ""});
    } else if (color) {
      cells.push_back({" ", background(kHeightColors[level(part, kHeightColors)])});
    } else {
      cells.push_back({kHeights[std::min<std::size_t>(4, static_cast<std::size_t>(5 * part))], ""});
    }
  }
  return cells;
}

char mark_of_class(const Model& model, std::size_t number) {
  if (model.classes.size() == 2) return kMarksOfTwo[number];
  return number < kMarks.size() ? kMarks[number] : '#';
}

// Whether the target is above the prediction, below it or near it.
char mark_of_number(double target, double predicted, const Range& range) {
  if (std::abs(target - predicted) <= range.width() / 10) return 'o';
  return target > predicted ? '+' : '-';
}

void put_rows(const Model& model, const Plane& plane, const Tensor& outputs, const PlaneMapOptions& grid,
              Cells& cells) {
  const Range range = model.task == Task::regression ? range_of(outputs) : Range();
  const auto place = [](double part, std::size_t count) {
    return std::min(count - 1, static_cast<std::size_t>(part * static_cast<double>(count)));
  };
  for (const Plane::Row& row : plane.rows) {
    const std::size_t column = place((row.x - plane.low[0]) / (plane.high[0] - plane.low[0]), grid.columns);
    const std::size_t line = place((plane.high[1] - row.y) / (plane.high[1] - plane.low[1]), grid.rows);
    const std::size_t at = line * grid.columns + column;
    const char mark = model.task == Task::regression
                          ? mark_of_number(row.target, outputs.at(static_cast<std::int64_t>(at)), range)
                          : mark_of_class(model, static_cast<std::size_t>(row.target));
    cells[at].text = std::string(1, mark);
    if (!cells[at].code.empty() && !cells[at].code.starts_with("1;")) cells[at].code = "1;" + cells[at].code;
  }
}

std::string to_line(std::span<const Cell> cells) {
  std::string line, run;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    run += cells[k].text;
    if (k + 1 < cells.size() && cells[k + 1].code == cells[k].code) continue;
    line += cells[k].code.empty() ? run : painted(run, cells[k].code);
    run.clear();
  }
  return line;
}

// "o no  x yes", followed by the number of rows if it fits.
std::string marks_in_words(const Model& model, const Plane& plane, const PlaneMapOptions& options) {
  constexpr std::size_t kMostClasses = 8, kMostName = 12;
  const bool shades = !options.color && model.classes.size() > 2 && model.classes.size() <= kShades.size();
  std::string text;
  for (std::size_t k = 0; k < std::min(model.classes.size(), kMostClasses); ++k) {
    text += fmt::format("{}{} {}", k == 0 ? "" : "  ", mark_of_class(model, k), shortened(model.classes[k], kMostName));
    if (shades && k > 0) text += fmt::format(" {}", kShades[k]);
  }
  if (model.task == Task::regression) text = "o near it  + above  - below";
  if (model.classes.size() > kMostClasses) text += "  …";
  const std::string count = fmt::format("  ({} of {} rows)", plane.rows.size(), plane.all_rows);
  const bool all = static_cast<std::int64_t>(plane.rows.size()) == plane.all_rows;
  return all || display_width(text) + count.size() > options.columns ? text : text + count;
}

template <std::size_t N>
std::string ramp(const std::array<int, N>& colors) {
  std::string text;
  for (const int color : colors) text += painted(" ", background(color));
  return text;
}

// The ends of a range with three digits; if they lie close together, three digits of their difference.
std::array<std::string, 2> ends_in_words(double low, double high) {
  const double size = std::max(std::abs(low), std::abs(high)), width = high - low;
  if (!(width > 0 && size >= 10 * width && size < 1e12))
    return {fmt::format("{:.3g}", low), fmt::format("{:.3g}", high)};
  const int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(width))), 0, 6);
  return {fmt::format("{:.{}f}", low, decimals), fmt::format("{:.{}f}", high, decimals)};
}

// The meaning of the background; only its scale if the words do not fit.
std::string shades_in_words(const Model& model, const Range& range, const PlaneMapOptions& options) {
  const bool color = options.color;
  if (model.task == Task::regression) {
    const auto [low, high] = ends_in_words(range.low, range.high);
    const std::string scale = color ? ramp(kHeightColors) : "░▒▓█";
    for (const char* first : {color ? "" : "blank ", ""}) {
      const std::string text = fmt::format("{} {}{} {}", low, first, scale, high);
      if (visible_width(text) <= options.columns) return text;
    }
    return scale;
  }
  if (model.classes.size() > 2)
    return shortened(color ? "pale: less than ¾ sure" : "dots: less than ¾ sure", options.columns);
  const std::string scale = color ? fmt::format("0 {} 1", ramp(kChanceColors)) : "blank ¼ ░ ½ ▒ ¾ ▓";
  const std::string text = fmt::format("chance of {}: {}", shortened(model.classes[1], 12), scale);
  return visible_width(text) <= options.columns ? text : scale;
}

// The ends of the first column's range with its name between them; what does not fit is left out.
std::string axis(const Model& model, const Plane& plane, std::size_t columns) {
  const auto [low, high] = ends_in_words(plane.low[0], plane.high[0]);
  if (low.size() + high.size() + 1 > columns) return shortened(low, columns);
  const std::size_t room = columns - low.size() - high.size();
  const std::string name = room > 4 ? shortened(model.columns[0], room - 2) : "";
  const std::size_t before = (room - display_width(name)) / 2;
  return low + std::string(before, ' ') + name + std::string(room - before - display_width(name), ' ') + high;
}

// The grid with its axes.
TextBlock framed(const Model& model, const Plane& plane, const Cells& cells, const PlaneMapOptions& grid,
                 const std::array<std::string, 2>& ends) {
  const std::size_t label = std::max(ends[0].size(), ends[1].size());
  TextBlock block;
  for (std::size_t row = 0; row < grid.rows; ++row) {
    const std::string number = row == 0 ? ends[1] : row + 1 == grid.rows ? ends[0] : "";
    const auto line = std::span(cells).subspan(row * grid.columns, grid.columns);
    block.push_back(fmt::format("{:>{}} |{}|", number, label, to_line(line)));
  }
  block.push_back(fmt::format("{:>{}} +{}+", "", label, std::string(grid.columns, '-')));
  block.push_back(fmt::format("{:>{}}  {}", "", label, axis(model, plane, grid.columns)));
  return block;
}

}  // namespace

TextBlock draw_plane(const Model& model, const Network& network, const Plane& plane, const PlaneMapOptions& options) {
  const std::array<std::string, 2> ends = ends_in_words(plane.low[1], plane.high[1]);
  const std::size_t label = std::max(ends[0].size(), ends[1].size());
  PlaneMapOptions grid = options;
  grid.columns = options.columns - label - 3;
  const Tensor outputs = plane_outputs(model, network, plane_points(plane, grid.columns, grid.rows));
  const bool regression = model.task == Task::regression;
  Cells cells =
      regression ? height_cells(outputs, range_of(outputs), options.color) : class_cells(model, outputs, options.color);
  put_rows(model, plane, outputs, grid, cells);
  TextBlock block{fmt::format("{} by {} → and {} ↑", model.target, model.columns[0], model.columns[1])};
  const TextBlock map = framed(model, plane, cells, grid, ends);
  block.insert(block.end(), map.begin(), map.end());
  const std::string indent(label + 2, ' ');
  block.push_back(indent + shortened(marks_in_words(model, plane, grid), grid.columns));
  block.push_back(indent + shades_in_words(model, regression ? range_of(outputs) : Range(), grid));
  block.front() = shortened(block.front(), options.columns);
  return block;
}

}  // namespace hillock::program

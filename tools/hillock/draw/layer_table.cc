// The table of layers.
#include "draw/layer_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "hillock/diagnosis.h"
#include "hillock/layer_norms.h"
#include "hillock/text.h"

namespace hillock::program {
namespace {

constexpr double kDecades = 4;  // the range of a bar
constexpr std::size_t kMostName = 12, kMostBar = 20;

bool has_two_ends(nn::Activation activation) {
  return activation == nn::Activation::sigmoid || activation == nn::Activation::tanh;
}

std::string stuck_in(const std::string& layer, const std::vector<StuckUnits>& found) {
  std::string text;
  for (const StuckUnits& one : found) {
    if (one.layer != layer) continue;
    if (!text.empty()) text += ", ";
    text += one.stuck == 0
                ? "none"
                : fmt::format("{} of {} {}", one.stuck, one.units, has_two_ends(one.activation) ? "saturated" : "dead");
  }
  return text;
}

// The share of the bar that is filled.
double part_of(double gradient, double largest) {
  if (!std::isfinite(gradient)) return gradient > 0 ? 1 : 0;
  if (gradient <= 0 || !(largest > 0)) return 0;
  return std::isinf(largest) ? 0 : std::clamp(1 + std::log10(gradient / largest) / kDecades, 0.0, 1.0);
}

std::string figure(double value) { return std::isnan(value) ? "-" : fmt::format("{:.3g}", value); }

struct Widths {
  std::size_t name, bar, stuck;  // 0 if it does not fit
};

Widths widths_for(std::size_t columns, std::size_t name) {
  constexpr std::size_t kFigures = 25, kLeastBar = 6, kMostStuck = 23;
  Widths widths{.name = name, .bar = 0, .stuck = 0};
  std::size_t left = columns - std::min(columns, name + kFigures);
  if (left <= 14) return widths;
  widths.stuck = std::min(left - 1, kMostStuck);
  left -= widths.stuck + 1;
  if (left > kLeastBar + 2) widths.bar = std::min(left - 2, kMostBar);
  return widths;
}

std::string line_of(const LayerLine& layer, const Widths& widths, double largest, bool color) {
  std::string line = fmt::format("{} {:>5} {:>8} {:>9}", left_aligned(shortened(layer.name, widths.name), widths.name),
                                 layer.units, figure(layer.parameters), figure(layer.gradient));
  if (widths.bar > 0) {
    const std::string blocks = bar(part_of(layer.gradient, largest), widths.bar);
    if (!blocks.empty()) line += fmt::format(" {}", color ? painted(blocks, "36") : blocks);
    if (!layer.stuck.empty()) line += std::string(widths.bar + (blocks.empty() ? 2 : 1) - display_width(blocks), ' ');
  }
  if (widths.stuck == 0 || layer.stuck.empty()) return line;
  const std::string stuck = shortened(layer.stuck, widths.stuck);
  return fmt::format("{} {}", line, color && layer.stuck != "none" ? painted(stuck, "33") : stuck);
}

}  // namespace

std::string bar(double part, std::size_t cells) {
  static constexpr std::array<const char*, 8> kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<std::size_t>(std::lround(part * static_cast<double>(8 * cells)));
  std::string text;
  for (std::size_t k = 0; k < eighths / 8; ++k) text += "█";
  return text + kEighths[eighths % 8];
}

std::vector<LayerLine> layer_lines(const Network& network, const WatchedRun& run, const Tensor& rows) {
  const std::vector<LayerSlice> slices = layer_slices(network.layout());
  const std::vector<double> parameters = layer_norms(network);
  const std::vector<StuckUnits> stuck = find_stuck_units(network, rows);
  std::vector<LayerLine> lines;
  for (std::size_t k = 0; k < slices.size(); ++k) {
    lines.push_back({.name = slices[k].name,
                     .units = slices[k].units,
                     .gradient = k < run.gradient_norms.size() ? run.gradient_norms[k] : NAN,
                     .parameters = parameters[k],
                     .stuck = stuck_in(slices[k].name, stuck)});
  }
  return lines;
}

TextBlock layer_table(const std::vector<LayerLine>& layers, std::int64_t rows, const LayerTableOptions& options) {
  std::size_t name = 5;
  double largest = 0;
  for (const LayerLine& layer : layers) {
    name = std::max(name, std::min(display_width(layer.name), kMostName));
    if (layer.gradient > largest) largest = layer.gradient;
  }
  const Widths widths = widths_for(options.columns, name);
  std::string heads = fmt::format("{} {:>5} {:>8} {:>9}", left_aligned("layer", name), "units", "‖w‖", "‖∂E/∂w‖");
  if (widths.bar > 0)
    heads += fmt::format(" {}", left_aligned(shortened("half a bar: 1/100", widths.bar), widths.bar + 1));
  if (widths.stuck > 0)
    heads += fmt::format(" {}", shortened(fmt::format("stuck for all {} rows", rows), widths.stuck));
  TextBlock table{heads};
  // If there are too many layers, those in the middle are left out, since a gradient vanishes from the last to the
  // first.
  const std::size_t room = options.lines - 1;
  const std::size_t shown = layers.size() <= room ? layers.size() : room - 1, first = shown / 2;
  const std::size_t left_out = layers.size() - shown;
  for (std::size_t k = 0; k < layers.size(); ++k) {
    if (left_out > 0 && k == first) {
      table.push_back(fmt::format("… {} more layers", left_out));
      k += left_out;
    }
    table.push_back(line_of(layers[k], widths, largest, options.color));
  }
  return table;
}

}  // namespace hillock::program

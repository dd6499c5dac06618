// Draws learning curves as SVG: medians as lines, bands from the 10th to the 90th percentile.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "draw/learning_curves.h"
#include "hillock/text.h"

namespace hillock::program {
namespace {

constexpr double kLeft = 70, kTop = 40, kWidth = 640, kHeight = 360, kLegendLine = 18;

// Colors that color-blind people can distinguish in most cases (Okabe & Ito 2008), black last.
constexpr std::array<const char*, 8> kColors{"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                             "#E69F00", "#56B4E9", "#F0E442", "#000000"};

// XML allows no control characters, not even as references.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += c;
    }
  }
  return result;
}

class Picture {
 public:
  Picture(const std::vector<LearningCurve>& curves, const std::string& title) : curves_(curves), title_(title) {
    for (const LearningCurve& curve : curves) {
      if (!curve.epochs.empty()) last_ = std::max(last_, curve.epochs.back());
    }
  }

  std::string draw() {
    const double height = kTop + kHeight + 60 + kLegendLine * static_cast<double>(curves_.size());
    text_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\" "
        "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
        "<text x=\"{2:.0f}\" y=\"24\" font-size=\"14\">{3}</text>\n",
        kLeft + kWidth + 30, height, kLeft, escaped(title_));
    axes();
    for (std::size_t k = 0; k < curves_.size(); ++k) band(curves_[k], color(k));
    for (std::size_t k = 0; k < curves_.size(); ++k) line(curves_[k], color(k), k);
    legend();
    return text_ + "</svg>\n";
  }

 private:
  const char* color(std::size_t k) const { return kColors[k % kColors.size()]; }
  // Lines of the same color differ by their dashes.
  static const char* dashes(std::size_t k) {
    constexpr std::array<const char*, 3> kDashes{"", " stroke-dasharray=\"6 3\"", " stroke-dasharray=\"2 2\""};
    return kDashes[k / kColors.size() % kDashes.size()];
  }
  double x(double epoch) const { return kLeft + kWidth * (last_ > 1 ? (epoch - 1) / (last_ - 1) : 0); }
  double y(double loss) const { return kTop + kHeight * (1 - scale_.place(loss)); }

  void axes() {
    text_ += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#444\"/>\n", kLeft,
                         kTop, kWidth, kHeight);
    const int first = static_cast<int>(std::ceil(std::log10(scale_.low)));
    const int end = static_cast<int>(std::floor(std::log10(scale_.high)));
    for (int power = first; power <= end; ++power) loss_mark(std::pow(10, power));
    if (first > end) {  // all within one power of ten
      loss_mark(scale_.low);
      loss_mark(scale_.high);
    }
    for (int k = 0; k <= 4; ++k) {
      const double epoch = std::round(1 + (last_ - 1) * k / 4);
      text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:.0f}</text>\n", x(epoch),
                           kTop + kHeight + 16, epoch);
    }
    text_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">epoch</text>\n", kLeft + kWidth / 2,
                         kTop + kHeight + 32);
  }

  void loss_mark(double loss) {
    text_ += fmt::format(
        "<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"#ddd\"/>\n"
        "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5:.3g}</text>\n",
        kLeft, kLeft + kWidth, y(loss), kLeft - 6, y(loss) + 4, loss);
  }

  // The number of points up to the first at which one of the three is not finite.
  static std::size_t finite_points(const LearningCurve& curve, bool spread) {
    std::size_t k = 0;
    while (k < curve.epochs.size() && std::isfinite(spread ? curve.high[k] : curve.median[k])) ++k;
    return k;
  }

  void band(const LearningCurve& curve, const char* color) {
    const std::size_t points = finite_points(curve, true);
    if (points < 2) return;
    text_ += "<path d=\"M";
    for (std::size_t k = 0; k < points; ++k)
      text_ += fmt::format("{:.1f} {:.1f} ", x(curve.epochs[k]), y(curve.high[k]));
    for (std::size_t k = points; k-- > 0;) text_ += fmt::format("{:.1f} {:.1f} ", x(curve.epochs[k]), y(curve.low[k]));
    text_ += fmt::format("Z\" fill=\"{}\" fill-opacity=\"0.12\"/>\n", color);
  }

  void line(const LearningCurve& curve, const char* color, std::size_t number) {
    const std::size_t points = finite_points(curve, false);
    if (points == 0) return;
    text_ += "<polyline points=\"";
    for (std::size_t k = 0; k < points; ++k)
      text_ += fmt::format("{:.1f},{:.1f} ", x(curve.epochs[k]), y(curve.median[k]));
    text_ += fmt::format("\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"{}/>\n", color, dashes(number));
  }

  void legend() {
    for (std::size_t k = 0; k < curves_.size(); ++k) {
      const double at = kTop + kHeight + 52 + kLegendLine * static_cast<double>(k);
      text_ += fmt::format(
          "<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\" stroke-width=\"2\"{4}/>\n"
          "<text x=\"{5}\" y=\"{6:.1f}\">{7}</text>\n",
          kLeft, kLeft + 24, at - 4, color(k), dashes(k), kLeft + 32, at,
          escaped(curves_[k].name.empty() ? "all runs" : curves_[k].name));
    }
  }

  const std::vector<LearningCurve>& curves_;
  const std::string& title_;
  const LossScale scale_ = scale_of(curves_, true);
  double last_ = 1;
  std::string text_;
};

}  // namespace

std::string curves_svg(const std::vector<LearningCurve>& curves, const std::string& title) {
  return Picture(curves, title).draw();
}

}  // namespace hillock::program

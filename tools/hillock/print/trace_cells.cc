// Formats cells and sums.
#include "print/trace_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hillock/text.h"

namespace hillock::program {
namespace {

// In characters, not bytes.
std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string number(double value) { return nn::trace_figure(value); }

std::string factor(double value) {
  const std::string text = fmt::format("{:.4g}", value == 0 ? 0.0 : value);
  return value < 0 ? "(" + text + ")" : text;
}

std::string cut(std::string_view text, std::size_t width) {
  if (length(text) <= width) return std::string(text);
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    seen += (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (seen == width) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

std::string named(std::int64_t index, std::string_view name) {
  const std::string number = fmt::to_string(index + 1);
  return fmt::format("{} ({})", number, cut(printable(name), kNames - 3 - number.size()));
}

std::string to_text(const Line& line, std::size_t wide) {
  std::string text = fmt::format("    {:<{}} ", line.first, kNames);
  if (wide > 0) text += fmt::format("{:<{}}", line.second, wide);
  for (const std::string& cell : line.cells) text += fmt::format(" {:>12}", cell);
  if (!line.last.empty()) text += fmt::format("{:>9}", line.last);
  while (text.ends_with(' ')) text.pop_back();
  return text + "\n";
}

std::string sum_of(const std::vector<std::pair<double, double>>& products, std::string_view then) {
  std::vector<std::size_t> order(products.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto term = [&](std::size_t i) { return factor(products[i].first) + "·" + factor(products[i].second); };
  const auto joined = [&](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : " + ") + term(order[i]);
    return text;
  };
  constexpr std::size_t kMostTerms = 8;  // no more fit
  if (products.size() <= kMostTerms) {
    const std::string all = joined(products.size()) + std::string(then);
    if (length(all) <= kSum) return all;
  }
  std::ranges::stable_sort(order, std::greater<>(),
                           [&](std::size_t i) { return std::abs(products[i].first * products[i].second); });
  std::string text;
  for (std::size_t count = std::min(kMostTerms, products.size() - 1); count > 0; --count) {
    text = fmt::format("{} + {} more{}", joined(count), products.size() - count, then);
    if (length(text) <= kSum) break;
  }
  return text;
}

void add_gradient(const Traced& traced, std::int64_t element, Line& line) {
  const auto at = static_cast<std::size_t>(element);
  const double difference = traced.difference[at], apart = disagreement(traced, element);
  line.cells.push_back(number(traced.gradient.at(element)));
  line.cells.push_back(std::isnan(difference) ? "-" : number(difference));
  line.last = traced.kink[at] != 0 ? "kink" : std::isnan(apart) ? "-" : fmt::format("{:.1e}", apart);
}

void add_gradient_heads(std::string gradient, Line& line) {
  line.cells.push_back(std::move(gradient));
  line.cells.emplace_back("difference");
  line.last = "apart";
}

}  // namespace hillock::program

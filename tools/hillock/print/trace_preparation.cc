// The layers before the network: what each computes from a row, with what was fitted to the training rows.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "hillock/text.h"
#include "print/trace_cells.h"
#include "print/trace_subject.h"

namespace hillock::program {
namespace {

constexpr std::int64_t kMostRows = 3;

bool changes(const TracedPreparation& layer) {
  if (layer.in.shape() != layer.out.shape()) return true;
  for (std::int64_t k = 0; k < layer.in.elements(); ++k) {
    if (std::bit_cast<std::uint64_t>(layer.in.at(k)) != std::bit_cast<std::uint64_t>(layer.out.at(k))) return true;
  }
  return false;
}

std::string shown(double value) { return std::isnan(value) ? "missing" : number(value); }

// Whether output number k is computed from input number k.
bool is_beside(const TracedPreparation& layer) {
  return layer.record->trace.in_beside_out && layer.in.shape() == layer.out.shape();
}

// What a number of the layer stands for, if it is known: an input of the network for the last layer, a column if the
// layer has one number for each.
std::string name_of(const TraceSubject& subject, const TracedPreparation& layer, std::int64_t k) {
  const auto at = static_cast<std::size_t>(k), count = static_cast<std::size_t>(layer.out.shape()[1]);
  if (&layer == &subject.preparation.back() && count == subject.inputs.size()) return named(k, subject.inputs[at].name);
  if (is_beside(layer) && count == subject.model.columns.size()) return named(k, subject.model.columns[at]);
  return fmt::to_string(k + 1);
}

// One row: input number k if output number k is computed from it, what was fitted, and the output.
std::string row_text(const TraceSubject& subject, const TracedPreparation& layer, std::int64_t row) {
  const std::int64_t count = layer.out.shape()[1];
  const bool beside = is_beside(layer);
  Line heads{.first = "k", .second = "", .cells = {}, .last = ""};
  if (beside) heads.cells.emplace_back("in_k");
  std::vector<const Tensor*> fitted;
  for (const auto& [name, values] : layer.statistics) {
    if (values.elements() != count) continue;
    fitted.push_back(&values);
    heads.cells.push_back(name + "_k");
  }
  heads.cells.emplace_back("a_k");
  std::string text = to_text(heads, 0);
  const std::vector<std::int64_t> chosen = largest_elements(layer.out, row * count, count, subject.largest);
  for (const std::int64_t element : chosen) {
    const std::int64_t k = element - row * count;
    Line line{.first = name_of(subject, layer, k), .second = "", .cells = {}, .last = ""};
    if (beside) line.cells.push_back(shown(layer.in.at(element)));
    for (const Tensor* values : fitted) line.cells.push_back(number(values->at(k)));
    line.cells.push_back(shown(layer.out.at(element)));
    text += to_text(line, 0);
  }
  if (static_cast<std::int64_t>(chosen.size()) < count)
    text += fmt::format("    ({} of {}: the largest)\n", chosen.size(), count);
  return text;
}

}  // namespace

std::string preparation_text(const TraceSubject& subject) {
  std::string text;
  if (subject.layer) return text;  // --layer names a layer of the network
  for (const TracedPreparation& layer : subject.preparation) {
    if (!changes(layer)) continue;
    const nn::LayerView view{.name = layer.name, .attributes = nullptr, .given = {}, .in = "in", .out = "a"};
    text += fmt::format("\n{}: {}\n", layer.name, layer.record->trace.forward(view));
    const auto rows = static_cast<std::int64_t>(subject.rows.size());
    for (std::int64_t row = 0; row < std::min(rows, kMostRows); ++row) {
      if (rows > 1) text += fmt::format("  row {}\n", subject.rows[static_cast<std::size_t>(row)]);
      text += row_text(subject, layer, row);
    }
  }
  return text.empty() ? text : "\n── preparation, before training ──\n" + text;
}

}  // namespace hillock::program

// A trace as text, for somebody who has read a tutorial: forward, backward, update, each equation with its numbers.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/wording.h"
#include "trace_formulas.h"
#include "trace_subject.h"

namespace hillock::program {
namespace {

constexpr std::size_t kNameWidth = 18, kSumWidth = 46;
constexpr std::int64_t kMostRows = 3;  // of a batch whose z, a and δ are printed

std::string cut(const std::string& text, std::size_t width) {
  if (text.size() <= width) return text;
  std::size_t end = width - 1;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not within a UTF-8 character
  return text.substr(0, end) + "…";
}

// "a·b + c·d + …": the products of two lists, the largest where there is no room for all, after what comes first.
std::string sum_with_numbers(const std::string& first, const std::vector<std::pair<double, double>>& products) {
  std::string text = first;
  std::vector<std::size_t> order(products.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto term = [&](std::size_t i) {
    const auto [x, y] = products[i];
    return fmt::format("{:.4g}·{}{:.4g}{}", x == 0 ? 0.0 : x, y < 0 ? "(" : "", y == 0 ? 0.0 : y, y < 0 ? ")" : "");
  };
  std::string all = text;
  for (const std::size_t i : order) all += (all.empty() ? "" : " + ") + term(i);
  if (all.size() <= kSumWidth + products.size()) return all;
  std::ranges::stable_sort(order, std::greater<>(),
                           [&](std::size_t i) { return std::abs(products[i].first * products[i].second); });
  std::size_t shown = 0;
  for (const std::size_t i : order) {
    const std::string next = text + (text.empty() ? "" : " + ") + term(i);
    if (next.size() + 14 > kSumWidth) break;
    text = next;
    ++shown;
  }
  return fmt::format("{} + … ({} more)", text, products.size() - shown);
}

// The three columns that stand beside every gradient.
std::string gradient_cells(const Traced& traced, std::int64_t i) {
  const auto at = static_cast<std::size_t>(i);
  const double d = traced.difference[at];
  const double apart = disagreement(traced, i);
  const std::string difference = std::isnan(d) ? "-" : number(d);
  const std::string verdict = traced.kink[at] != 0 ? "kink" : std::isnan(apart) ? "-" : fmt::format("{:.1e}", apart);
  return fmt::format("{:>13}{:>13}{:>9}", number(traced.gradient.at(i)), difference, verdict);
}
const std::string kGradientHeads = fmt::format("{:>13}{:>9}", "difference", "apart");

// One traced step of one subject, as text.
class Page {
 public:
  Page(const TraceSubject& subject, const StepTrace& trace) : subject_(subject), trace_(trace) {}

  std::string text() {
    if (subject_.steps > 1) text_ += fmt::format("\n═══ step {} of {}\n", trace_.step, subject_.steps);
    text_ += "\n── forward\n";
    for (const TracedLayer& layer : trace_.layers) forward(layer);
    error();
    text_ += "\n── backward\n";
    for (std::size_t k = trace_.layers.size(); k-- > 0;) backward(k);
    text_ += fmt::format("\n── update: {}\n   {}\n", update_formula(subject_), update_numbers(subject_, trace_));
    for (const TracedParameter& parameter : trace_.parameters) update(parameter);
    return std::move(text_);
  }

 private:
  std::int64_t rows() const { return static_cast<std::int64_t>(subject_.rows.size()); }
  std::int64_t shown_rows() const { return std::min(rows(), kMostRows); }
  bool wanted(const std::string& name) const { return !subject_.layer || *subject_.layer == name; }
  const TracedParameter* find(const std::string& name) const {
    for (const TracedParameter& parameter : trace_.parameters) {
      if (parameter.name == name) return &parameter;
    }
    return nullptr;
  }
  bool is_last(const TracedLayer& layer) const { return &layer == &trace_.layers.back(); }
  bool is_first(const TracedLayer& layer) const { return &layer == &trace_.layers.front(); }

  // "1 (setosa)" of the output layer, "1" of others.
  std::string unit(const TracedLayer& layer, std::int64_t k) const {
    const auto at = static_cast<std::size_t>(k);
    const bool named = is_last(layer) && at < subject_.outputs.size();
    return named ? fmt::format("{} {}", k + 1, cut(subject_.outputs[at], kNameWidth - 5)) : fmt::to_string(k + 1);
  }

  // Heading of one row of the batch, where there are several.
  void row_heading(std::int64_t row) {
    if (rows() > 1) text_ += fmt::format("  row {}\n", subject_.rows[static_cast<std::size_t>(row)]);
  }
  void say_how_many(std::int64_t shown, std::int64_t all, const char* what) {
    if (shown < all) text_ += fmt::format("    ({} of {}, {})\n", shown, all, what);
  }
  void say_rows() {
    if (shown_rows() < rows()) text_ += fmt::format("  (the first {} of {} rows)\n", shown_rows(), rows());
  }

  void forward(const TracedLayer& layer) {
    if (!wanted(layer.name)) return;
    const char* p = is_last(layer) ? "p" : "a";
    if (layer.kind == nn::TapPoint::Kind::dropout) {
      text_ += fmt::format("\n{}: each value is dropped with probability {}, or divided by {}; the mask of this step\n",
                           layer.name, number(layer.rate), number(1 - layer.rate));
    } else if (layer.z.has_value()) {
      text_ += fmt::format("\n{}: z_k = Σ_j {}_j w_jk + b_k,  {} = {}\n", layer.name, is_first(layer) ? "x" : "a", p,
                           activation_formula(layer.activation));
    } else {
      text_ += fmt::format("\n{}: {} = {} of z, the values before it\n", layer.name, p,
                           activation_formula(layer.activation));
    }
    for (std::int64_t row = 0; row < shown_rows(); ++row) {
      row_heading(row);
      forward_row(layer, row);
    }
    say_rows();
  }

  void forward_row(const TracedLayer& layer, std::int64_t row) {
    const std::int64_t units = layer.a.value.shape()[1];
    const TracedParameter* weight = find(layer.name + ".weight");
    const TracedParameter* bias = find(layer.name + ".bias");
    const auto chosen = largest_elements(layer.a.value, row * units, units, subject_.largest);
    const bool dense = layer.z.has_value() && weight != nullptr;
    text_ += dense ? fmt::format("    {:<{}} {:<{}}{:>13}{:>13}\n", "k", kNameWidth,
                                 "Σ_j " + std::string(is_first(layer) ? "x" : "a") + "_j w_jk + b_k", kSumWidth, "z_k",
                                 is_last(layer) ? "p_k" : "a_k")
                   : fmt::format("    {:<{}} {:>13}{:>13}\n", "k", kNameWidth, "in", "out");
    for (const std::int64_t i : chosen) {
      const std::int64_t k = i - row * units;
      if (!dense) {
        text_ += fmt::format("    {:<{}} {:>13}{:>13}\n", unit(layer, k), kNameWidth, number(layer.in.at(i)),
                             number(layer.a.value.at(i)));
        continue;
      }
      std::vector<std::pair<double, double>> products;
      const std::int64_t inputs = weight->before.value.shape()[0];
      for (std::int64_t j = 0; j < inputs; ++j)
        products.emplace_back(layer.in.at(row * inputs + j), weight->before.value.at(j * units + k));
      std::string sum = sum_with_numbers("", products);
      if (bias != nullptr) sum += fmt::format(" + {:.4g}", bias->before.value.at(k));
      text_ += fmt::format("    {:<{}} {:<{}}{:>13}{:>13}\n", unit(layer, k), kNameWidth, sum, kSumWidth,
                           number(layer.z.value.at(i)), number(layer.a.value.at(i)));
    }
    say_how_many(static_cast<std::int64_t>(chosen.size()), units, "the largest");
  }

  void error() {
    const std::string numbers = loss_with_numbers(subject_, trace_.layers.back().a.value, loss_targets(subject_));
    text_ += fmt::format("\n{}\n  = {}{}\n", loss_formula(subject_), numbers.empty() ? "" : numbers + " = ",
                         number(trace_.loss));
  }

  // How ∂E/∂a of layer k follows from what comes after it.
  std::string chain_rule(std::size_t k) const {
    if (k + 1 == trace_.layers.size()) return loss_gradient_formula(subject_);
    const TracedLayer& next = trace_.layers[k + 1];
    if (next.kind == nn::TapPoint::Kind::dropout)
      return fmt::format("∂E/∂a_j = ∂E/∂a_j of {0} / {1}, or 0 where {0} dropped it", next.name, number(1 - next.rate));
    if (!next.z.has_value()) return fmt::format("∂E/∂a_j = ∂E/∂a_j of {} · σ′(a_j)", next.name);
    return fmt::format("∂E/∂a_j = Σ_k δ_k w_jk over the units k of {}", next.name);
  }

  void backward(std::size_t index) {
    const TracedLayer& layer = trace_.layers[index];
    if (!wanted(layer.name)) return;
    text_ += fmt::format("\n{}: {}\n", layer.name, chain_rule(index));
    const bool softmax = layer.activation == nn::Activation::softmax;
    if (layer.z.has_value() && layer.a.has_gradient()) {
      text_ += softmax ? "  δ_k = ∂E/∂z_k = p_k (∂E/∂p_k − Σ_m p_m ∂E/∂p_m)\n"
                       : fmt::format("  δ = ∂E/∂z = ∂E/∂{} · σ′(z),  σ′ = {}\n", is_last(layer) ? "p" : "a",
                                     slope_formula(layer.activation));
    } else if (layer.z.has_value()) {
      text_ += fmt::format("  E is computed from z with the {} in it, which cannot overflow: no ∂E/∂p and no σ′\n",
                           nn::name_of(layer.activation));
    }
    for (std::int64_t row = 0; row < shown_rows(); ++row) {
      row_heading(row);
      if (layer.a.has_gradient()) backward_a(index, row);
      if (layer.z.has_value()) backward_z(layer, row);
    }
    say_rows();
    for (const char* part : {".weight", ".bias"}) {
      if (const TracedParameter* parameter = find(layer.name + part)) parameter_gradients(layer, *parameter);
    }
  }

  void backward_a(std::size_t index, std::int64_t row) {
    const TracedLayer& layer = trace_.layers[index];
    const std::int64_t units = layer.a.value.shape()[1];
    const TracedLayer* next = index + 1 < trace_.layers.size() ? &trace_.layers[index + 1] : nullptr;
    const TracedParameter* weight = next != nullptr && next->z.has_value() ? find(next->name + ".weight") : nullptr;
    const auto chosen = largest_elements(layer.a.gradient, row * units, units, subject_.largest);
    const std::string head = is_last(layer) ? "∂E/∂p_k" : "∂E/∂a_j";
    text_ += fmt::format("    {:<{}} {:<{}}{:>13}{}\n", is_last(layer) ? "k" : "j", kNameWidth,
                         weight != nullptr ? "Σ_k δ_k w_jk"
                         : is_last(layer)  ? "p_k, t_k"
                                           : "",
                         kSumWidth - 4, head, kGradientHeads);
    const Tensor targets = loss_targets(subject_);
    for (const std::int64_t i : chosen) {
      const std::int64_t j = i - row * units;
      std::string sum;
      if (is_last(layer)) sum = fmt::format("{}, {}", number(layer.a.value.at(i)), number(targets.at(i)));
      if (weight != nullptr && weight->before.value.shape()[0] == units) {
        const std::int64_t outs = weight->before.value.shape()[1];
        std::vector<std::pair<double, double>> products;
        for (std::int64_t k = 0; k < outs; ++k)
          products.emplace_back(next->z.gradient.at(row * outs + k), weight->before.value.at(j * outs + k));
        sum = sum_with_numbers("", products);
      }
      text_ += fmt::format("    {:<{}} {:<{}}{}\n", unit(layer, j), kNameWidth, sum, kSumWidth - 4,
                           gradient_cells(layer.a, i));
    }
    say_how_many(static_cast<std::int64_t>(chosen.size()), units, "the largest");
  }

  void backward_z(const TracedLayer& layer, std::int64_t row) {
    if (!layer.z.has_gradient()) return;
    const std::int64_t units = layer.z.value.shape()[1];
    const auto chosen = largest_elements(layer.z.gradient, row * units, units, subject_.largest);
    const bool slope = layer.a.has_gradient() && layer.slope.raw() != nullptr;
    const bool from_targets = !layer.a.has_gradient();
    const std::string heads = slope          ? fmt::format("{:>13}{:>13}", "∂E/∂a", "σ′(z)")
                              : from_targets ? fmt::format("{:>13}{:>13}", "p_k", "t_k")
                                             : "";
    text_ += fmt::format("    {:<{}} {}{:>13}{}\n", "k", kNameWidth, heads, "δ_k", kGradientHeads);
    const Tensor targets = loss_targets(subject_);
    for (const std::int64_t i : chosen) {
      std::string cells;
      if (slope) cells = fmt::format("{:>13}{:>13}", number(layer.a.gradient.at(i)), number(layer.slope.at(i)));
      if (from_targets) cells = fmt::format("{:>13}{:>13}", number(layer.a.value.at(i)), number(targets.at(i)));
      text_ +=
          fmt::format("    {:<{}} {}{}\n", unit(layer, i - row * units), kNameWidth, cells, gradient_cells(layer.z, i));
    }
    say_how_many(static_cast<std::int64_t>(chosen.size()), units, "the largest");
  }

  // From which input to which unit a parameter leads.
  std::string from(const TracedLayer& layer, std::int64_t j) const {
    const auto at = static_cast<std::size_t>(j);
    if (is_first(layer) && at < subject_.inputs.size())
      return fmt::format("{} {}", j + 1, cut(subject_.inputs[at].name, kNameWidth - 4));
    return fmt::to_string(j + 1);
  }

  void parameter_gradients(const TracedLayer& layer, const TracedParameter& parameter) {
    const Traced& traced = parameter.before;
    const bool weight = traced.value.shape().rank() == 2;
    const std::string over = rows() > 1 ? fmt::format(", summed over the {} rows", rows()) : "";
    text_ += weight ? fmt::format("  ∂E/∂w_jk = {}_j δ_k{}\n", is_first(layer) ? "x" : "a", over)
                    : fmt::format("  ∂E/∂b_k = δ_k{}\n", over);
    text_ += weight ? fmt::format("    {:<{}} {:<{}}{:>13}{:>13}{}\n", "from j", kNameWidth, "to k", kNameWidth, "w_jk",
                                  "∂E/∂w_jk", kGradientHeads)
                    : fmt::format("    {:<{}} {:<{}}{:>13}{:>13}{}\n", "", kNameWidth, "k", kNameWidth, "b_k",
                                  "∂E/∂b_k", kGradientHeads);
    const auto chosen = entries(parameter);
    for (const std::int64_t i : chosen) {
      const auto [j, k] = ends(layer, parameter, i);
      text_ += fmt::format("    {:<{}} {:<{}}{:>13}{}\n", j, kNameWidth, k, kNameWidth, number(traced.value.at(i)),
                           gradient_cells(traced, i));
    }
    say_how_many(static_cast<std::int64_t>(chosen.size()), traced.value.elements(), "those with the largest gradients");
  }

  std::vector<std::int64_t> entries(const TracedParameter& parameter) const {
    const Tensor& gradient = parameter.before.gradient;
    std::vector<std::int64_t> checked;
    return largest_elements(gradient, 0, gradient.elements(), subject_.largest);
  }
  std::pair<std::string, std::string> ends(const TracedLayer& layer, const TracedParameter& parameter,
                                           std::int64_t i) const {
    const Shape& shape = parameter.before.value.shape();
    if (shape.rank() != 2) return {"", unit(layer, i)};
    return {from(layer, i / shape[1]), unit(layer, i % shape[1])};
  }

  void update(const TracedParameter& parameter) {
    const std::string name = parameter.name.substr(0, parameter.name.rfind('.'));
    if (!wanted(name)) return;
    const auto found = std::ranges::find(trace_.layers, name, &TracedLayer::name);
    const std::vector<std::string> letters = slot_letters(subject_.optimizer);
    std::string heads = fmt::format("{:>13}", "w");
    for (const std::string& letter : letters) heads += fmt::format("{:>13}", letter);
    text_ += fmt::format("\n  {}\n    {:<{}} {:<{}}{}{:>13}\n", parameter.name, "from j", kNameWidth, "to k",
                         kNameWidth, heads, "w′");
    const auto chosen = entries(parameter);
    for (const std::int64_t i : chosen) {
      const auto [j, k] =
          found == trace_.layers.end() ? std::pair{std::string(), fmt::to_string(i + 1)} : ends(*found, parameter, i);
      std::string cells = fmt::format("{:>13}", number(parameter.before.value.at(i)));
      for (const Tensor& slot : parameter.slots) cells += fmt::format("{:>13}", number(slot.at(i)));
      text_ += fmt::format("    {:<{}} {:<{}}{}{:>13}\n", j, kNameWidth, k, kNameWidth, cells,
                           number(parameter.after.at(i)));
    }
    say_how_many(static_cast<std::int64_t>(chosen.size()), parameter.after.elements(),
                 "those with the largest gradients");
  }

  const TraceSubject& subject_;
  const StepTrace& trace_;
  std::string text_;
};

}  // namespace

std::string trace_head(const TraceSubject& subject) {
  const Model& model = subject.model;
  const std::string rows = subject.rows.size() == 1
                               ? fmt::format("row {}", subject.rows[0])
                               : fmt::format("rows {} to {}", subject.rows.front(), subject.rows.back());
  std::string text = fmt::format("training on {} of {}, in {}; nothing is written\n", rows, subject.data,
                                 name_of(model.network.options().dtype));
  text += fmt::format("network    {} inputs, {}: {} parameters, {}\n", subject.inputs.size(), model.spec.to_string(),
                      model.network.parameter_count(), subject.first_weights);
  return text;
}

std::string trace_text(const TraceSubject& subject, const StepTrace& trace) { return Page(subject, trace).text(); }

std::string trace_foot(const TraceSubject& subject, const std::vector<StepTrace>& traces) {
  std::string text = "\n";
  for (const StepTrace& trace : traces) {
    text += fmt::format("step {}: E = {}, after it {} on the same rows\n", trace.step, number(trace.loss),
                        number(trace.loss_after));
  }
  const Audit audit = whole_audit(traces);
  text +=
      fmt::format("audit: {} gradients, each beside its finite difference; the largest disagreement is {:.1e}, at {}",
                  audit.compared, audit.largest, audit.where);
  (void)subject;
  return text + "\n";
}

}  // namespace hillock::program

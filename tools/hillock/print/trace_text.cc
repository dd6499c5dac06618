// One traced step as text, for readers of a tutorial: forward, backward and update, each equation with its
// numbers.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hillock/text.h"
#include "print/trace_cells.h"
#include "print/trace_flow.h"
#include "print/trace_formulas.h"
#include "print/trace_subject.h"

namespace hillock::program {
namespace {

constexpr std::int64_t kMostRows = 3;  // z, a and δ are printed for at most this many rows of a batch

class Page {
 public:
  Page(const TraceSubject& subject, const StepTrace& trace)
      : subject_(subject),
        trace_(trace),
        layers_(trace.layers),
        flow_(trace.layers),
        embedded_(subject.model.encoding.embeddings().empty() ? std::vector<std::string>{}
                                                              : embedded_names(subject.model)),
        targets_(loss_targets(subject)) {}

  std::string text() {
    if (subject_.steps > 1) text_ += fmt::format("\n═══ step {} of {} ═══\n", trace_.step, subject_.steps);
    text_ += "\n── forward ──\n";
    for (std::size_t k = 0; k < layers_.size(); ++k) forward(k);
    error();
    text_ += "\n── backward ──\n";
    for (std::size_t k = layers_.size(); k-- > 0;) backward(k);
    others();
    text_ += fmt::format("\n── update ──\n\n{}\n  {}\n{}", update_formula(subject_), update_numbers(subject_, trace_),
                         clipping(subject_, trace_));
    for (const TracedParameter& parameter : trace_.parameters) update(parameter);
    return std::move(text_);
  }

 private:
  // --- names ---

  bool wanted(const std::string& layer) const { return !subject_.layer || *subject_.layer == layer; }
  bool is_last(std::size_t k) const { return k + 1 == layers_.size(); }
  // Whether E is computed from the z of layer k because the loss includes its activation.
  bool of_z(std::size_t k) const { return is_last(k) && is_loss_of_z(subject_.model.loss); }
  // The letters for the input and the output of layer k in formulas.
  const char* in_letter(std::size_t k) const { return flow_.maker(k, 0) == TracedLayer::kInputs ? "x" : "a"; }
  const char* out_letter(std::size_t k) const { return is_last(k) ? "p" : "a"; }

  nn::LayerView view(std::size_t k) const {
    nn::LayerView view{.name = layers_[k].name,
                       .attributes = &layers_[k].attributes,
                       .given = {},
                       .in = in_letter(k),
                       .out = out_letter(k)};
    for (std::size_t given = 0; given < layers_[k].from.size(); ++given) {
      const std::int64_t from = flow_.maker(k, given);
      view.given.push_back(from < 0 ? "" : layers_[static_cast<std::size_t>(from)].name);
    }
    return view;
  }
  const nn::LayerTrace& shown_by(std::size_t k) const {
    static const nn::LayerTrace nothing;
    return layers_[k].record == nullptr ? nothing : layers_[k].record->trace;
  }

  const TracedParameter* find(const std::string& name) const {
    const auto found = std::ranges::find(trace_.parameters, name, &TracedParameter::name);
    return found == trace_.parameters.end() ? nullptr : &*found;
  }
  // The weight [in, out] of layer k if it is a dense layer.
  const Tensor* weight(std::size_t k) const {
    const TracedParameter* found = k < layers_.size() ? find(layers_[k].name + ".weight") : nullptr;
    return found != nullptr && layers_[k].z.has_value() ? &found->before.value : nullptr;
  }

  // Names for unit `index` of layer k and for its inputs, by what they stand for if that is known.
  std::string unit(std::size_t k, std::int64_t index) const {
    const auto at = static_cast<std::size_t>(index);
    if (k == 0 && at < embedded_.size()) return named(index, embedded_[at]);
    return is_last(k) && at < subject_.outputs.size() ? named(index, subject_.outputs[at]) : fmt::to_string(index + 1);
  }
  std::string source(std::size_t k, std::int64_t index) const {
    const auto at = static_cast<std::size_t>(index);
    const std::int64_t from = flow_.maker(k, 0);
    if (from >= 0) return from == 0 && !embedded_.empty() ? unit(0, index) : fmt::to_string(index + 1);
    return at < subject_.inputs.size() ? named(index, subject_.inputs[at].name) : fmt::to_string(index + 1);
  }

  // --- parts of a table ---

  template <class RowFunction>
  void for_rows(RowFunction print) {
    const auto rows = static_cast<std::int64_t>(subject_.rows.size()), shown = std::min(rows, kMostRows);
    for (std::int64_t row = 0; row < shown; ++row) {
      if (rows > 1) text_ += fmt::format("  row {}\n", subject_.rows[static_cast<std::size_t>(row)]);
      print(row);
    }
    if (shown < rows) text_ += fmt::format("  (the first {} of {} rows)\n", shown, rows);
  }

  // A line for each element of `by` in one row, or for its largest ones; print(line, element, unit) fills it in.
  template <class LineFunction>
  void for_units(const Tensor& by, std::int64_t row, std::size_t wide, LineFunction print) {
    const std::int64_t units = by.elements() / by.shape()[0];
    const std::vector<std::int64_t> chosen = largest_elements(by, row * units, units, subject_.largest);
    for (const std::int64_t element : chosen) {
      Line line;
      print(line, element, element - row * units);
      text_ += to_text(line, wide);
    }
    say_how_many(chosen.size(), units, "the largest");
  }

  void say_how_many(std::size_t shown, std::int64_t all, const char* which) {
    if (static_cast<std::int64_t>(shown) < all) text_ += fmt::format("    ({} of {}: {})\n", shown, all, which);
  }

  // --- forward ---

  void forward(std::size_t k) {
    const TracedLayer& layer = layers_[k];
    if (!wanted(layer.name)) return;
    if (shown_by(k).forward != nullptr) {
      text_ += fmt::format("\n{}: {}\n", layer.name, shown_by(k).forward(view(k)));
    } else {
      text_ += fmt::format("\n{}: {}\n", layer.name, layer.record == nullptr ? "a layer" : layer.record->word);
    }
    for_rows([&](std::int64_t row) { weight(k) != nullptr ? forward_dense(k, row) : forward_other(k, row); });
  }

  void forward_dense(std::size_t k, std::int64_t row) {
    const TracedLayer& layer = layers_[k];
    const Tensor& w = *weight(k);
    const TracedParameter* bias = find(layer.name + ".bias");
    text_ += to_text({.first = "k",
                      .second = fmt::format("Σ_j {}_j w_jk + b_k", in_letter(k)),
                      .cells = {"z_k", fmt::format("{}_k", out_letter(k))},
                      .last = ""},
                     kSum);
    for_units(layer.a.value, row, kSum, [&](Line& line, std::int64_t element, std::int64_t to) {
      const std::int64_t inputs = w.shape()[0], units = w.shape()[1];
      std::vector<std::pair<double, double>> products;
      for (std::int64_t j = 0; j < inputs; ++j)
        products.emplace_back(layer.in.at(row * inputs + j), w.at(j * units + to));
      line.first = unit(k, to);
      line.second = sum_of(products, bias == nullptr ? "" : " + " + factor(bias->before.value.at(to)));
      line.cells = {number(layer.z.value.at(element)), number(layer.a.value.at(element))};
    });
  }

  void forward_other(std::size_t k, std::int64_t row) {
    const bool same = shown_by(k).in_beside_out && layers_[k].in.elements() == layers_[k].a.value.elements();
    Line heads{.first = "k", .second = "", .cells = {"a_k"}, .last = ""};
    if (same) heads.cells.insert(heads.cells.begin(), "in");
    text_ += to_text(heads, 0);
    for_units(layers_[k].a.value, row, 0, [&](Line& line, std::int64_t element, std::int64_t to) {
      line.first = unit(k, to);
      if (same) line.cells.push_back(number(layers_[k].in.at(element)));
      line.cells.push_back(number(layers_[k].a.value.at(element)));
    });
  }

  void error() {
    const std::string numbers = loss_with_numbers(subject_, layers_.back().a.value, targets_);
    text_ += fmt::format("\nthe error: {}\n  E = {}{}\n", loss_formula(subject_),
                         numbers.empty() ? "" : numbers + " = ", number(trace_.loss));
  }

  // --- backward ---

  // The formula of ∂E/∂a of layer k.
  std::string chain_rule(std::size_t k) const {
    if (is_last(k)) return loss_gradient_formula(subject_);
    std::vector<std::string> terms;
    for (const Consumer& next : flow_.consumers(k)) {
      const nn::LayerTrace& shown = shown_by(next.layer);
      terms.push_back(shown.backward != nullptr ? shown.backward(view(next.layer), next.given)
                                                : fmt::format("what {} hands back", layers_[next.layer].name));
    }
    if (terms.empty()) terms.emplace_back("what layers that show nothing hand back");
    return fmt::format("∂E/∂a_j = {}", fmt::join(terms, ", plus "));
  }

  void backward(std::size_t k) {
    const TracedLayer& layer = layers_[k];
    if (!wanted(layer.name)) return;
    text_ += fmt::format("\n{}: {}\n", layer.name, chain_rule(k));
    if (of_z(k)) {
      if (layer.activation != nn::Activation::identity) {
        text_ += fmt::format("  E is computed from z, {} included, so that nothing overflows: no ∂E/∂p, no σ′\n",
                             nn::name_of(layer.activation));
      }
    } else if (layer.activation == nn::Activation::softmax) {
      text_ += "  δ_k = ∂E/∂z_k = p_k (∂E/∂p_k − Σ_m p_m ∂E/∂p_m)\n";
    } else if (layer.z.has_value()) {
      text_ += fmt::format("  δ_k = ∂E/∂z_k = ∂E/∂{}_k · σ′(z_k),  σ′ = {}\n", out_letter(k),
                           nn::derivative_formula_of(layer.activation));
    }
    for_rows([&](std::int64_t row) {
      if (layer.a.has_gradient() && !of_z(k)) backward_a(k, row);
      if (layer.z.has_gradient()) backward_z(k, row);
    });
    for (const TracedParameter& parameter : trace_.parameters) {
      if (layer_name(parameter.name) == layer.name) parameter_gradients(k, parameter);
    }
  }

  // The chain rule of one element with its numbers: from the loss, over the next layer's units, or through its mask or
  // slope.
  std::string chain_with_numbers(std::size_t k, std::int64_t row, std::int64_t element, std::int64_t from) const {
    if (is_last(k)) {
      const std::string weight =
          subject_.weighted() ? fmt::format(", ω = {}", number(subject_.batch.weights.at(row))) : "";
      return fmt::format("p = {}, t = {}{}", number(layers_[k].a.value.at(element)), number(targets_.at(element)),
                         weight);
    }
    std::string sum;
    for (const Consumer& next : flow_.consumers(k)) {
      const std::string term = term_with_numbers(next, layers_[k].a.value, row, element, from);
      if (!term.empty()) sum += (sum.empty() ? "" : " + ") + term;
    }
    return sum;
  }

  // The contribution of one layer that uses `a` to ∂E/∂a of one element.
  std::string term_with_numbers(const Consumer& taker, const Tensor& a, std::int64_t row, std::int64_t element,
                                std::int64_t from) const {
    const TracedLayer& next = layers_[taker.layer];
    const Tensor* w = weight(taker.layer);
    if (w != nullptr && w->shape()[0] * a.shape()[0] == a.elements()) {
      const std::int64_t units = w->shape()[1];
      std::vector<std::pair<double, double>> products;
      for (std::int64_t to = 0; to < units; ++to)
        products.emplace_back(next.z.gradient.at(row * units + to), w->at(from * units + to));
      return sum_of(products);
    }
    if (next.a.value.elements() != a.elements() || !next.a.has_gradient()) return "";
    const double gradient = next.a.gradient.at(element);
    if (shown_by(taker.layer).backward_numbers != nullptr) {
      const nn::ElementView one{.in = next.in.at(element), .out = next.a.value.at(element), .gradient = gradient};
      return shown_by(taker.layer).backward_numbers(view(taker.layer), taker.given, one);
    }
    return next.slope.raw() == nullptr ? "" : sum_of({{gradient, next.slope.at(element)}});
  }

  void backward_a(std::size_t k, std::int64_t row) {
    const TracedLayer& layer = layers_[k];
    const std::vector<Consumer> next = flow_.consumers(k);
    Line heads{.first = is_last(k) ? "k" : "j",
               .second = !next.empty() && weight(next[0].layer) != nullptr ? "Σ_k δ_k w_jk" : "",
               .cells = {},
               .last = ""};
    add_gradient_heads(is_last(k) ? "∂E/∂p_k" : "∂E/∂a_j", heads);
    text_ += to_text(heads, kSum);
    for_units(layer.a.gradient, row, kSum, [&](Line& line, std::int64_t element, std::int64_t from) {
      line.first = unit(k, from);
      line.second = chain_with_numbers(k, row, element, from);
      add_gradient(layer.a, element, line);
    });
  }

  void backward_z(std::size_t k, std::int64_t row) {
    const TracedLayer& layer = layers_[k];
    const bool slope = !of_z(k) && layer.slope.raw() != nullptr;
    Line heads{.first = "k", .second = "", .cells = {}, .last = ""};
    const bool weights = of_z(k) && subject_.weighted();
    if (of_z(k)) heads.cells = {"p_k", "t_k"};
    if (weights) heads.cells.emplace_back("ω");
    if (slope) heads.cells = {fmt::format("∂E/∂{}_k", out_letter(k)), "σ′(z_k)"};
    add_gradient_heads("δ_k", heads);
    text_ += to_text(heads, 0);
    for_units(layer.z.gradient, row, 0, [&](Line& line, std::int64_t element, std::int64_t to) {
      line.first = unit(k, to);
      if (of_z(k)) line.cells = {number(layer.a.value.at(element)), number(targets_.at(element))};
      if (weights) line.cells.push_back(number(subject_.batch.weights.at(row)));
      if (slope) line.cells = {number(layer.a.gradient.at(element)), number(layer.slope.at(element))};
      add_gradient(layer.z, element, line);
    });
  }

  // --- parameters ---

  std::vector<std::int64_t> entries(const TracedParameter& parameter) const {
    const Tensor& gradient = parameter.before.gradient;
    return largest_elements(gradient, 0, gradient.elements(), subject_.largest);
  }
  void say_entries(const TracedParameter& parameter) {
    say_how_many(entries(parameter).size(), parameter.after.elements(), "those with the largest gradients");
  }
  std::string over_rows() const {
    return subject_.rows.size() == 1 ? "" : fmt::format(", summed over the {} rows", subject_.rows.size());
  }

  // The two columns that tell which parameter this is: from where to where.
  Line ends(std::size_t k, const TracedParameter& parameter, std::int64_t element) const {
    const Shape& shape = parameter.before.value.shape();
    if (k == layers_.size()) {  // a row of an embedding's table, and a number in it
      const std::int64_t width = shape.rank() == 2 ? shape[1] : 1;
      return {.first = fmt::to_string(element / width + 1),
              .second = fmt::to_string(element % width + 1),
              .cells = {},
              .last = ""};
    }
    if (shape.rank() != 2) return {.first = "", .second = unit(k, element), .cells = {}, .last = ""};
    return {.first = source(k, element / shape[1]), .second = unit(k, element % shape[1]), .cells = {}, .last = ""};
  }

  void gradient_table(std::size_t k, const TracedParameter& parameter, Line heads, const std::string& letter) {
    heads.cells = {letter};
    add_gradient_heads("∂E/∂" + letter, heads);
    text_ += to_text(heads, kNames);
    for (const std::int64_t element : entries(parameter)) {
      Line line = ends(k, parameter, element);
      line.cells = {number(parameter.before.value.at(element))};
      add_gradient(parameter.before, element, line);
      text_ += to_text(line, kNames);
    }
    say_entries(parameter);
  }

  void parameter_gradients(std::size_t k, const TracedParameter& parameter) {
    const std::string name = parameter.name.substr(layers_[k].name.size() + 1);
    const bool matrix = parameter.before.value.shape().rank() == 2;
    const Line heads{.first = matrix ? "from j" : "", .second = matrix ? "to k" : "k", .cells = {}, .last = ""};
    const auto& known = shown_by(k).parameters;
    const auto shown = std::ranges::find(known, name, &nn::ParameterView::name);
    if (shown == known.end()) {
      text_ += fmt::format("  ∂E/∂{}{}\n", name, over_rows());
      return gradient_table(k, parameter, heads, name);
    }
    const std::string letter(shown->letter);
    text_ +=
        fmt::format("  ∂E/∂{} = {}{}\n", letter, fmt::format(fmt::runtime(shown->gradient), in_letter(k)), over_rows());
    gradient_table(k, parameter, heads, letter);
  }

  std::size_t layer_of(const TracedParameter& parameter) const {
    const auto found = std::ranges::find(layers_, layer_name(parameter.name), &TracedLayer::name);
    return static_cast<std::size_t>(found - layers_.begin());
  }

  // Parameters of layers that do not show their values.
  void others() {
    for (const TracedParameter& parameter : trace_.parameters) {
      if (layer_of(parameter) < layers_.size() || !wanted(layer_name(parameter.name))) continue;
      text_ += fmt::format("\n{}\n", parameter.name);
      gradient_table(layers_.size(), parameter, {.first = "row", .second = "number", .cells = {}, .last = ""}, "w");
    }
  }

  void update(const TracedParameter& parameter) {
    if (!wanted(layer_name(parameter.name))) return;
    const bool weight = parameter.after.shape().rank() == 2;
    Line heads{.first = weight ? "from j" : "", .second = weight ? "to k" : "k", .cells = {"w"}, .last = ""};
    for (const std::string_view letter : optimizer_info(subject_.optimizer).slot_letters)
      heads.cells.emplace_back(letter);
    heads.cells.emplace_back("w′");
    text_ += fmt::format("\n  {}\n", parameter.name) + to_text(heads, kNames);
    for (const std::int64_t element : entries(parameter)) {
      Line line = ends(layer_of(parameter), parameter, element);
      line.cells = {number(parameter.before.value.at(element))};
      for (const Tensor& slot : parameter.slots) line.cells.push_back(number(slot.at(element)));
      line.cells.push_back(number(parameter.after.at(element)));
      text_ += to_text(line, kNames);
    }
    say_entries(parameter);
  }

  const TraceSubject& subject_;
  const StepTrace& trace_;
  const std::vector<TracedLayer>& layers_;
  LayerFlow flow_;
  const std::vector<std::string> embedded_;  // names for the outputs of an embedding
  Tensor targets_;
  std::string text_;
};

}  // namespace

std::string trace_text(const TraceSubject& subject, const StepTrace& trace) { return Page(subject, trace).text(); }

}  // namespace hillock::program

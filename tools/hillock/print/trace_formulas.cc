// The formulas of docs/training.md for a terminal.
#include "print/trace_formulas.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "hillock/text.h"
#include "print/trace_cells.h"

namespace hillock::program {

using nn::LossKind;

bool is_loss_of_z(LossKind kind) { return nn::required_output(kind).has_value(); }

std::string loss_formula(const TraceSubject& subject) {
  const double parameter = subject.model.loss_parameter;
  const char* w = subject.weighted() ? "ω " : "";
  switch (subject.model.loss) {
    case LossKind::mse: return fmt::format("E = 1/(B K) Σ {}(p − t)²", w);
    case LossKind::sse: return fmt::format("E = ½ Σ {}(p − t)²", w);
    case LossKind::mae: return fmt::format("E = 1/(B K) Σ {}|p − t|", w);
    case LossKind::huber:
      return fmt::format("E = 1/(B K) Σ {2}h(p − t), h(e) = ½ e² where |e| ≤ {0}, else {0} |e| − {1}",
                         number(parameter), number(parameter * parameter / 2), w);
    case LossKind::quantile:
      return fmt::format("E = 1/(B K) Σ {2}max({0} (t − p), −{1} (t − p))", number(parameter), number(1 - parameter),
                         w);
    case LossKind::logistic: return fmt::format("E = −1/B Σ {}(t log p + (1 − t) log(1 − p))", w);
    case LossKind::cross_entropy: return fmt::format("E = −1/B Σ {}t log p", w);
    case LossKind::hinge:
      return subject.outputs.size() == 1
                 ? fmt::format("E = 1/B Σ {}max(0, 1 − y z), y = 2 t − 1", w)
                 : fmt::format("E = 1/(B K) Σ over all k but the true class c of {}max(0, 1 − z_c + z_k)", w);
  }
  return "";
}

std::string loss_gradient_formula(const TraceSubject& subject) {
  const std::string parameter = number(subject.model.loss_parameter);
  const char* w = subject.weighted() ? "ω " : "";
  const char* one = subject.weighted() ? "ω" : "1";
  switch (subject.model.loss) {
    case LossKind::mse: return fmt::format("∂E/∂p_k = 2 {}(p_k − t_k) / (B K)", w);
    case LossKind::sse: return subject.weighted() ? "∂E/∂p_k = ω (p_k − t_k)" : "∂E/∂p_k = p_k − t_k";
    case LossKind::mae: return fmt::format("∂E/∂p_k = ±{} / (B K), the sign of p_k − t_k", one);
    case LossKind::huber: return fmt::format("∂E/∂p_k = {}(p_k − t_k) / (B K), p_k − t_k cut off at ±{}", w, parameter);
    case LossKind::quantile:
      return fmt::format("∂E/∂p_k = {0} {2}/ (B K) where p_k > t_k, −{1} {2}/ (B K) where it is less",
                         number(1 - subject.model.loss_parameter), parameter, w);
    case LossKind::logistic:
    case LossKind::cross_entropy: return fmt::format("δ_k = ∂E/∂z_k = {}(p_k − t_k) / B", w);
    case LossKind::hinge:
      return subject.outputs.size() == 1
                 ? fmt::format("δ = ∂E/∂z = −{}y / B where 1 − y z > 0, else 0", w)
                 : fmt::format("δ_k = ∂E/∂z_k = {}/(B K) where 1 − z_c + z_k > 0; at c minus their sum", one);
  }
  return "";
}

namespace {

std::string loss_term(LossKind kind, double p, double t) {
  switch (kind) {
    case LossKind::mse:
    case LossKind::sse: return fmt::format("({} − {})²", number(p), factor(t));
    case LossKind::mae: return fmt::format("|{} − {}|", number(p), factor(t));
    case LossKind::logistic:
      return fmt::format("({1}·log {0} + {3}·log {2})", number(p), number(t), number(1 - p), number(1 - t));
    case LossKind::cross_entropy: return fmt::format("{}·log {}", number(t), number(p));
    default: return "";
  }
}

std::string loss_factor(LossKind kind, double rows, double terms) {
  if (kind == LossKind::sse) return "½ ";
  const double divisor = kind == LossKind::mse || kind == LossKind::mae ? terms : rows;
  const std::string share = divisor == 1 ? "" : fmt::format("1/{} ", divisor);
  return kind == LossKind::logistic || kind == LossKind::cross_entropy ? "−" + share : share;
}

}  // namespace

std::string loss_with_numbers(const TraceSubject& subject, const Tensor& predictions, const Tensor& targets) {
  constexpr std::size_t kMost = 3;
  const LossKind kind = subject.model.loss;
  std::vector<std::string> terms;
  for (std::int64_t i = 0; i < targets.elements(); ++i) {
    if (kind == LossKind::cross_entropy && targets.at(i) == 0) continue;
    terms.push_back(loss_term(kind, predictions.at(i), targets.at(i)));
    const std::int64_t row = i / targets.shape()[1];
    if (subject.weighted() && !terms.back().empty()) {
      terms.back() = fmt::format("{}·{}", number(subject.batch.weights.at(row)), terms.back());
    }
  }
  if (terms.empty() || terms.size() > kMost || terms[0].empty()) return "";
  const std::string sum = fmt::format("{}", fmt::join(terms, " + "));
  const std::string front =
      loss_factor(kind, static_cast<double>(targets.shape()[0]), static_cast<double>(targets.elements()));
  return terms.size() == 1 ? front + sum : fmt::format("{}({})", front, sum);
}

std::string update_formula(const TraceSubject& subject) {
  const char* const by = subject.clip_norm > 0 ? "c ∂E/∂w" : "∂E/∂w";
  return optimizer_info(subject.optimizer).formula(by, subject.optimizer_options.weight_decay > 0);
}

std::string update_numbers(const TraceSubject& subject, const StepTrace& trace) {
  const OptimizerInfo& optimizer = optimizer_info(subject.optimizer);
  std::string text = fmt::format("η = {}", number(trace.rate));
  const NamedOptimizerOptions& options = subject.optimizer_options;
  if (options.weight_decay > 0) text += fmt::format(", λ = {}", number(options.weight_decay));
  if (optimizer.takes_momentum) text += fmt::format(", μ = {}", number(options.momentum));
  if (!optimizer.formula_numbers.empty()) text += fmt::format(", {}", optimizer.formula_numbers);
  if (optimizer.counts_steps) text += fmt::format(", t = {}", trace.step);
  return text;
}

std::string clipping(const TraceSubject& subject, const StepTrace& trace) {
  if (subject.clip_norm == 0) return "";
  return fmt::format("  c = min(1, {} / (‖∂E/∂w‖ + 1e-6)), the norm over all {}: ‖∂E/∂w‖ = {}, c = {}{}\n",
                     number(subject.clip_norm), counted(subject.model.network.parameter_count(), "parameter"),
                     number(trace.gradient_norm), number(trace.clip_factor),
                     trace.clip_factor < 1 ? "" : ": nothing is clipped");
}

}  // namespace hillock::program

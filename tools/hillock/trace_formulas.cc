// Formulas of docs/training.md for a terminal.
#include "trace_formulas.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "trace_cells.h"

namespace hillock::program {

using nn::Activation;
using nn::LossKind;

std::string activation_formula(Activation activation) {
  switch (activation) {
    case Activation::identity: return "z";
    case Activation::sigmoid: return "sigmoid(z) = 1 / (1 + e^−z)";
    case Activation::tanh: return "tanh(z)";
    case Activation::relu: return "relu(z) = max(z, 0)";
    case Activation::leaky_relu: return "leaky-relu(z) = z where z > 0, else 0.01 z";
    case Activation::elu: return "elu(z) = z where z > 0, else e^z − 1";
    case Activation::selu: return "selu(z) = 1.0507 z where z > 0, else 1.7581 (e^z − 1)";
    case Activation::gelu: return "gelu(z) = z Φ(z), Φ(z) = ½ (1 + erf(z / √2))";
    case Activation::silu: return "silu(z) = z / (1 + e^−z)";
    case Activation::mish: return "mish(z) = z tanh(log(1 + e^z))";
    case Activation::softplus: return "softplus(z) = log(1 + e^z)";
    case Activation::softmax: return "softmax(z) = e^z_k / Σ_m e^z_m";
  }
  return "";
}

std::string slope_formula(Activation activation) {
  switch (activation) {
    case Activation::identity: return "1";
    case Activation::sigmoid: return "a (1 − a)";
    case Activation::tanh: return "1 − a²";
    case Activation::relu: return "1 where z > 0, else 0";
    case Activation::leaky_relu: return "1 where z > 0, else 0.01";
    case Activation::elu: return "1 where z > 0, else a + 1";
    case Activation::selu: return "1.0507 where z > 0, else a + 1.7581";
    case Activation::gelu: return "Φ(z) + z e^(−z²/2) / √(2π)";
    case Activation::silu: return "s + a (1 − s), s = 1 / (1 + e^−z)";
    case Activation::mish: return "u + z (1 − u²) / (1 + e^−z), u = tanh(log(1 + e^z))";
    case Activation::softplus: return "1 / (1 + e^−z)";
    case Activation::softmax: return "";
  }
  return "";
}

bool is_loss_of_z(LossKind kind) { return nn::required_output(kind).has_value(); }

std::string loss_formula(const TraceSubject& subject) {
  const double parameter = subject.model.loss_parameter;
  switch (subject.model.loss) {
    case LossKind::mse: return "E = 1/(B K) Σ (p − t)²";
    case LossKind::sse: return "E = ½ Σ (p − t)²";
    case LossKind::mae: return "E = 1/(B K) Σ |p − t|";
    case LossKind::huber:
      return fmt::format("E = 1/(B K) Σ h(p − t), h(e) = ½ e² where |e| ≤ {0}, else {0} |e| − {1}", number(parameter),
                         number(parameter * parameter / 2));
    case LossKind::quantile:
      return fmt::format("E = 1/(B K) Σ max({0} (t − p), −{1} (t − p))", number(parameter), number(1 - parameter));
    case LossKind::logistic: return "E = −1/B Σ (t log p + (1 − t) log(1 − p))";
    case LossKind::cross_entropy: return "E = −1/B Σ t log p";
    case LossKind::hinge:
      return subject.outputs.size() == 1 ? "E = 1/B Σ max(0, 1 − y z), y = 2 t − 1"
                                         : "E = 1/(B K) Σ over all k but the true class c of max(0, 1 − z_c + z_k)";
  }
  return "";
}

std::string loss_gradient_formula(const TraceSubject& subject) {
  const std::string parameter = number(subject.model.loss_parameter);
  switch (subject.model.loss) {
    case LossKind::mse: return "∂E/∂p_k = 2 (p_k − t_k) / (B K)";
    case LossKind::sse: return "∂E/∂p_k = p_k − t_k";
    case LossKind::mae: return "∂E/∂p_k = ±1 / (B K), the sign of p_k − t_k";
    case LossKind::huber: return fmt::format("∂E/∂p_k = (p_k − t_k) / (B K), p_k − t_k cut off at ±{}", parameter);
    case LossKind::quantile:
      return fmt::format("∂E/∂p_k = {} / (B K) where p_k > t_k, −{} / (B K) where it is less",
                         number(1 - subject.model.loss_parameter), parameter);
    case LossKind::logistic:
    case LossKind::cross_entropy: return "δ_k = ∂E/∂z_k = (p_k − t_k) / B";
    case LossKind::hinge:
      return subject.outputs.size() == 1 ? "δ = ∂E/∂z = −y / B where 1 − y z > 0, else 0"
                                         : "δ_k = ∂E/∂z_k = 1/(B K) where 1 − z_c + z_k > 0; at c minus their sum";
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
  }
  if (terms.empty() || terms.size() > kMost || terms[0].empty()) return "";
  const std::string sum = fmt::format("{}", fmt::join(terms, " + "));
  const std::string front =
      loss_factor(kind, static_cast<double>(targets.shape()[0]), static_cast<double>(targets.elements()));
  return terms.size() == 1 ? front + sum : fmt::format("{}({})", front, sum);
}

std::vector<std::string> slot_letters(const std::string& optimizer) {
  if (optimizer == "momentum" || optimizer == "nesterov" || optimizer == "rmsprop") return {"v"};
  if (optimizer == "adagrad") return {"s"};
  if (optimizer == "sgd") return {};
  return {"m", "v"};
}

std::string update_formula(const TraceSubject& subject) {
  const std::string& name = subject.optimizer;
  const bool decay = subject.optimizer_options.weight_decay > 0;
  const std::string gradient = decay && name != "adamw" ? "g = ∂E/∂w + λ w; " : "g = ∂E/∂w; ";
  if (name == "sgd") return decay ? "w′ = w − η (∂E/∂w + λ w)" : "w′ = w − η ∂E/∂w";
  if (name == "momentum") return gradient + "v ← μ v + g; w′ = w − η v";
  if (name == "nesterov") return gradient + "v ← μ v + g; w′ = w − η (g + μ v)";
  if (name == "adagrad") return gradient + "s ← s + g²; w′ = w − η g / (√s + ε)";
  if (name == "rmsprop") return gradient + "v ← α v + (1 − α) g²; w′ = w − η g / (√v + ε)";
  const std::string moments = gradient + "m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; ";
  if (name == "nadam") {
    return moments + "w′ = w − η ((1 − μₜ) g / (1 − Mₜ) + μₜ₊₁ m / (1 − Mₜ₊₁)) / (√v̂ + ε), v̂ = v / (1 − β₂ᵗ)";
  }
  const std::string step = "η m̂ / (√v̂ + ε), m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)";
  return moments + (decay && name == "adamw" ? "w′ = w − η λ w − " : "w′ = w − ") + step;
}

std::string update_numbers(const TraceSubject& subject, const StepTrace& trace) {
  const std::string& name = subject.optimizer;
  std::string text = fmt::format("η = {}", number(trace.rate));
  const NamedOptimizerOptions& options = subject.optimizer_options;
  if (options.weight_decay > 0) text += fmt::format(", λ = {}", number(options.weight_decay));
  if (name == "momentum" || name == "nesterov") text += fmt::format(", μ = {}", number(options.momentum));
  if (name == "adagrad") text += ", ε = 1e-10";
  if (name == "rmsprop") text += ", α = 0.99, ε = 1e-8";
  if (slot_letters(name).size() == 2) text += fmt::format(", β₁ = 0.9, β₂ = 0.999, ε = 1e-8, t = {}", trace.step);
  return text;
}

}  // namespace hillock::program

// The menu of activations.
#include "hillock/activation.h"

#include <fmt/format.h>

#include <numbers>

#include "hillock/ops.h"
#include "nn/named.h"

namespace hillock::nn {

std::vector<NameAndSummary> activations() {
  return {{"identity", "x"},
          {"sigmoid", "1 / (1 + e^-x)"},
          {"tanh", "hyperbolic tangent"},
          {"relu", "max(x, 0)"},
          {"leaky-relu", "x where positive, else 0.01 x"},
          {"elu", "x where positive, else e^x - 1"},
          {"selu", "1.0507 x where positive, else 1.7581 (e^x - 1): keeps mean 0 and variance 1"},
          {"gelu", "x times the normal distribution function of x, by erf"},
          {"silu", "x sigmoid(x), also called swish"},
          {"mish", "x tanh(softplus(x))"},
          {"softplus", "log(1 + e^x)"},
          {"softmax", "e^x / sum of e^x over the outputs; for output layers"}};
}

std::string_view name_of(Activation activation) {
  static const std::vector<NameAndSummary> menu = activations();
  return menu[static_cast<std::size_t>(activation)].name;
}

Activation activation_from_name(std::string_view name) {
  return static_cast<Activation>(find_in_menu("activation", activations(), name));
}

std::string_view formula_of(Activation activation) {
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

std::string_view derivative_formula_of(Activation activation) {
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

namespace {
// Over the last axis. The maximum is subtracted so that nothing overflows.
Value softmax(Graph& graph, Value x) {
  const Shape shape = graph.type(x).shape;
  if (shape.rank() == 0) throw Error("softmax: a scalar has no axis to normalise over");
  std::vector<std::int64_t> dims(shape.dims().begin(), shape.dims().end());
  dims.back() = 1;
  const Shape column{std::span<const std::int64_t>(dims)};
  const int last = shape.rank() - 1;
  const Value shifted = ops::subtract(graph, x, ops::reshape(graph, ops::max(graph, x, {last}), column));
  const Value powers = ops::exp(graph, shifted);
  return ops::divide(graph, powers, ops::reshape(graph, ops::sum(graph, powers, {last}), column));
}
// Klambauer et al. 2017; keeps a mean of 0 and a variance of 1.
Value selu(Graph& graph, Value x) {
  return ops::multiply(graph, ops::elu(graph, x, 1.6732632423543772848170429916717), 1.0507009873554804934193349852946);
}

// x Φ(x), Φ(x) = ½ (1 + erf(x / √2)) (Hendrycks & Gimpel 2016).
Value gelu(Graph& graph, Value x) {
  const Value spread = ops::add(graph, ops::erf(graph, ops::multiply(graph, x, std::numbers::sqrt2 / 2)), 1);
  return ops::multiply(graph, ops::multiply(graph, x, 0.5), spread);
}

Value mish(Graph& graph, Value x) {
  return ops::multiply(graph, x, ops::tanh(graph, ops::softplus(graph, x)));  // Misra 2019
}
}  // namespace

Value activate(Graph& graph, Value x, Activation activation) {
  switch (activation) {
    case Activation::identity: return x;
    case Activation::sigmoid: return ops::sigmoid(graph, x);
    case Activation::tanh: return ops::tanh(graph, x);
    case Activation::relu: return ops::relu(graph, x);
    case Activation::leaky_relu: return ops::leaky_relu(graph, x);
    case Activation::elu: return ops::elu(graph, x);
    case Activation::selu: return selu(graph, x);
    case Activation::gelu: return gelu(graph, x);
    case Activation::silu: return ops::multiply(graph, x, ops::sigmoid(graph, x));  // Elfwing et al. 2018
    case Activation::mish: return mish(graph, x);
    case Activation::softplus: return ops::softplus(graph, x);
    case Activation::softmax: return softmax(graph, x);
  }
  return x;
}

}  // namespace hillock::nn

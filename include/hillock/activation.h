// Activation functions: their names, their formulas, and the graph nodes that compute them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "hillock/graph.h"
#include "hillock/menu.h"

namespace hillock::nn {

enum class Activation : std::uint8_t {
  identity,
  sigmoid,
  tanh,
  relu,
  leaky_relu,
  elu,
  selu,
  gelu,
  silu,
  mish,
  softplus,
  softmax
};

// Every activation's name and summary, in the order in which help lists them.
std::vector<NameAndSummary> activations();
std::string_view name_of(Activation activation);
// Throws Error, which suggests the nearest name, if `name` is unknown.
Activation activation_from_name(std::string_view name);
// The formula in terms of z, "tanh(z)", and the formula of its derivative in terms of z or of a = tanh(z), "1 − a²".
// The derivative of softmax is "": each of its outputs depends on all of its inputs.
std::string_view formula_of(Activation activation);
std::string_view derivative_formula_of(Activation activation);
// Adds activation(x) to `graph`; the type is that of `x`. Softmax is taken over the last axis.
Value activate(Graph& graph, Value x, Activation activation);

}  // namespace hillock::nn

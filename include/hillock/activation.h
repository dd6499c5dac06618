// The activations: their names, their formulas, and what they add to a graph.
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

// In the order in which they are listed to a person.
std::vector<NameAndSummary> activations();
std::string_view name_of(Activation activation);
// Throws Error (with the nearest name) if unknown.
Activation activation_from_name(std::string_view name);
// For a person who reads formulas, in z: "tanh(z)"; and its derivative, by z or by a = tanh(z): "1 − a²". Softmax, of
// which each number depends on all, has no derivative of this kind: "".
std::string_view formula_of(Activation activation);
std::string_view derivative_formula_of(Activation activation);
// Softmax is over the last axis.
Value activate(Graph& graph, Value x, Activation activation);

}  // namespace hillock::nn

// A layer that is only an activation.
#include "nn/layers/activation/activation.h"

#include <fmt/format.h>

#include <algorithm>

namespace hillock::nn {
namespace {

bool recognizes(std::span<const std::string_view> words) {
  if (words.size() != 1 || words[0] == name_of(Activation::softmax)) return false;
  return std::ranges::any_of(activations(), [&](const NameAndSummary& known) { return known.name == words[0]; });
}

LayerAttributes parse(const LayerText& text) { return {{"activation", text.activation(0)}}; }

std::string print(const LayerSpec& spec) { return std::string(name_of(activation_of(spec.attributes))); }

Layer build(const LayerSpec& spec) { return activation(activation_of(spec.attributes)); }

std::string forward(const LayerView& layer) {
  return fmt::format("a = {}, z what came in", formula_of(activation_of(*layer.attributes)));
}

std::string backward(const LayerView& layer, std::size_t) {
  return fmt::format("∂E/∂a_j of {} · σ′(z_j),  σ′ = {}", layer.name,
                     derivative_formula_of(activation_of(*layer.attributes)));
}

}  // namespace

const LayerRecord& activation_record() {
  static const LayerRecord record{.word = "activation",
                                  .form = "ACTIVATION",
                                  .summary = "an activation by itself: \"dense 64 identity, tanh\"",
                                  .example = "gelu",
                                  .recognizes = &recognizes,
                                  .parse = &parse,
                                  .print = &print,
                                  .listed_as = "an activation",
                                  .build = &build,
                                  .is_activation = true,
                                  .trace = {.forward = &forward, .backward = &backward}};
  return record;
}

Layer activation(Activation activation) {
  return [activation](Scope& scope, Value in) {
    const TapPoint point{.layer = scope.next_name("activation"),
                         .record = &activation_record(),
                         .attributes = {{"activation", activation}},
                         .in = {in}};
    return scope.tap(point, scope.activate("", in, activation));
  };
}

}  // namespace hillock::nn

// The menu of initializers.
#include "hillock/initializer.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "nn/named.h"

namespace hillock::nn {

std::vector<NameAndSummary> initializers() {
  return {{"zeros", "0"},
          {"constant", "constant:X, every value X"},
          {"normal", "normal:S, mean 0 and standard deviation S (1 unless given)"},
          {"uniform", "uniform:A, between -A and A (1 unless given)"},
          {"glorot-uniform", "uniform, A = sqrt(6 / (inputs + outputs))"},
          {"glorot-normal", "normal, variance 2 / (inputs + outputs)"},
          {"he-uniform", "uniform, A = sqrt(6 / inputs)"},
          {"he-normal", "normal, variance 2 / inputs"},
          {"lecun-uniform", "uniform, A = sqrt(3 / inputs)"},
          {"lecun-normal", "normal, variance 1 / inputs"}};
}

Initializer initializer_from_name(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  Initializer result{.kind = static_cast<Initializer::Kind>(find_in_menu("initializer", initializers(), name))};
  if (colon == std::string_view::npos) return result;
  const std::string_view number = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), result.scale);
  if (error != std::errc{} || end != number.data() + number.size() || !std::isfinite(result.scale)) {
    throw Error(fmt::format("initializer: {} has {} where a number belongs; write for example normal:0.1", quote(text),
                            quote(number)));
  }
  using Kind = Initializer::Kind;
  const bool spread = result.kind == Kind::normal || result.kind == Kind::uniform;
  if (!spread && result.kind != Kind::constant) {
    throw Error(fmt::format("initializer: {} takes no number; write {}", quote(name), name));
  }
  if (spread && result.scale < 0) {
    throw Error(fmt::format("initializer: {} has a negative spread; write for example normal:0.1", quote(text)));
  }
  return result;
}

std::string to_string(const Initializer& initializer) {
  const std::string name = initializers()[static_cast<std::size_t>(initializer.kind)].name;
  return initializer.scale == 1.0 ? name : fmt::format("{}:{}", name, initializer.scale);
}

Initializer default_initializer(Activation activation) {
  switch (activation) {
    case Activation::relu:
    case Activation::leaky_relu:
    case Activation::elu:
    case Activation::gelu:
    case Activation::silu:
    case Activation::mish: return {.kind = Initializer::Kind::he_normal};
    case Activation::selu: return {.kind = Initializer::Kind::lecun_normal};
    default: return {.kind = Initializer::Kind::glorot_uniform};
  }
}

}  // namespace hillock::nn

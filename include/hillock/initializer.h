// The first values of parameters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/activation.h"
#include "hillock/menu.h"

namespace hillock::nn {

// How a parameter gets its first values. fan_in and fan_out are the extents [in, out] of a weight; a bias takes those
// of its weight. `scale` is the standard deviation (normal), the half-width (uniform) or the value (constant).
struct Initializer {
  enum class Kind : std::uint8_t {
    zeros,
    constant,
    normal,
    uniform,
    glorot_uniform,  // U(±sqrt(6 / (fan_in + fan_out))), Glorot & Bengio 2010
    glorot_normal,   // N(0, 2 / (fan_in + fan_out))
    he_uniform,      // U(±sqrt(6 / fan_in)), He et al. 2015
    he_normal,       // N(0, 2 / fan_in)
    lecun_uniform,   // U(±sqrt(3 / fan_in)), LeCun et al. 1998
    lecun_normal,    // N(0, 1 / fan_in)
  };
  Kind kind = Kind::glorot_uniform;
  double scale = 1.0;
  bool fixed = false;  // Network::initialize() puts no other in its place: a gain that has to begin at 1
};
std::vector<NameAndSummary> initializers();
// "he-normal", or with a scale "normal:0.1". Throws Error if unknown or malformed.
Initializer initializer_from_name(std::string_view text);
std::string to_string(const Initializer& initializer);
// What suits an activation: He's normal for relu and those that are nearly relu (leaky-relu, elu, gelu, silu, mish),
// LeCun's normal for selu, whose proof of self-normalization assumes it, Glorot's uniform otherwise.
Initializer default_initializer(Activation activation);

}  // namespace hillock::nn

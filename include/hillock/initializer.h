// Initializers: how parameters get their first values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/activation.h"
#include "hillock/menu.h"

namespace hillock::nn {

// The distribution of a parameter's first values. fan_in and fan_out are the extents [in, out] of a weight; a bias uses
// those of its weight. `scale` is the standard deviation (normal), the half-width (uniform) or the value (constant).
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
  bool fixed = false;  // Network::initialize() does not replace it: for a gain that must start at 1
};
std::vector<NameAndSummary> initializers();
// Parses "he-normal" or, with a scale, "normal:0.1". Throws Error if the name is unknown or the text malformed.
Initializer initializer_from_name(std::string_view text);
std::string to_string(const Initializer& initializer);
// The usual choice for an activation: He normal for relu and its kin (leaky-relu, elu, gelu, silu, mish), LeCun normal
// for selu, whose proof of self-normalization assumes it, and Glorot uniform otherwise.
Initializer default_initializer(Activation activation);

}  // namespace hillock::nn

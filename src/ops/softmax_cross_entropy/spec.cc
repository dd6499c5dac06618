// Proof of softmax_cross_entropy: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// The rounded difference x - m of up to 18 causes an error of up to 18 u in its exponential, u = 2^-53 or 2^-24. The
// exponential, the sum, the quotient and the logarithm add a few u each, and the terms of a loss do not cancel: 32 u. A
// slope is the difference of two numbers of up to 1 if the targets are a distribution.
OpSpec spec() {
  return {
      .op = "softmax_cross_entropy",
      .tolerance_f64 = 32 * 0x1p-53,
      .tolerance_f32 = 32 * 0x1p-24,
      .magnitudes = {0, 0, 1},
      .gradient_cases =
          {
              {.name = "distributions",
               .inputs = {sample_values({3, 4}, -2, 2, 1), sample_values({3, 4}, 0.1, 0.5, 2)},
               .attributes = {}},
              {.name = "wide",
               .inputs = {sample_values({2, 7}, -4, 4, 3), sample_values({2, 7}, 0.02, 0.2, 4)},
               .attributes = {}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

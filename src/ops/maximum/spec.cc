// Proof of maximum: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth",
       .inputs = {Tensor::from<double>({6}, {-2, -0.7, 0.5, 1, 0.3, 3}),
                  Tensor::from<double>({6}, {1, -0.9, 0.7, -1, 0.2, 4})},
       .attributes = {}},
  };
}

// The result is one of the operands or a constant: equal.
[[maybe_unused]] const bool registered =
    register_spec({.op = "maximum", .tolerance_f64 = 0, .tolerance_f32 = 0, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

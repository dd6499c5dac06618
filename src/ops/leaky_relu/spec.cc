// Proof of leaky_relu: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "slope 0.1",
       .inputs = {Tensor::from<double>({6}, {-2, -0.7, -0.01, 0.02, 0.6, 3})},
       .attributes = {{"slope", 0.1}}},
      {.name = "negative slope",
       .inputs = {Tensor::from<double>({6}, {-2, -0.7, -0.01, 0.02, 0.6, 3})},
       .attributes = {{"slope", -0.5}}},
  };
}

// f64: one correctly rounded product, equal. f32: the slope, our product and the oracle's are rounded once each, by
// 2^-24.
[[maybe_unused]] const bool registered =
    register_spec({.op = "leaky_relu", .tolerance_f64 = 0, .tolerance_f32 = 3 * 0x1p-24, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

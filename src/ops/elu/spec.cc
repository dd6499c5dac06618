// Proof of elu: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "alpha 1",
       .inputs = {Tensor::from<double>({6}, {-2, -0.7, -0.1, 0.2, 0.6, 3})},
       .attributes = {{"alpha", 1.0}}},
      {.name = "alpha 0.3",
       .inputs = {Tensor::from<double>({6}, {-2, -0.7, -0.1, 0.2, 0.6, 3})},
       .attributes = {{"alpha", 0.3}}},
  };
}

// f64: e^x - 1 is within 0.85 ulp (core/math_test.cc); alpha, its product and the oracle are rounded once each: 2.35
// ulp = 2.35 2^-52. f32: the oracle (an ONNX test, itself computed in f32 as e^x - 1) is wrong by up to 17 ulp near 0.
[[maybe_unused]] const bool registered = register_spec(
    {.op = "elu", .tolerance_f64 = 2.35 * 0x1p-52, .tolerance_f32 = 19 * 0x1p-23, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

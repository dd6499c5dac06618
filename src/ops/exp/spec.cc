// Proof of exp: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth", .inputs = {sample_values({2, 5}, -2, 2)}, .attributes = {}},
  };
}

// f64: ours is within 0.65 ulp (core/math_test.cc) and the oracle is rounded: 1.15 ulp = 1.15 2^-52. f32: ours is
// within 0.68 ulp, the oracle (an ONNX test, itself computed in f32) within 0.85: 1.53 2^-23.
[[maybe_unused]] const bool registered = register_spec(
    {.op = "exp", .tolerance_f64 = 1.15 * 0x1p-52, .tolerance_f32 = 1.53 * 0x1p-23, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

// Proof of softplus: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth", .inputs = {sample_values({2, 5}, -3, 3)}, .attributes = {}},
  };
}

// f64: ours is within 1.7 ulp (core/math_test.cc) and the oracle is rounded: 2.2 ulp = 2.2 2^-52. f32: ours is within
// 1.71 ulp, the oracle (an ONNX test, itself computed in f32) within 2.6: 4.31 2^-23.
[[maybe_unused]] const bool registered = register_spec(
    {.op = "softplus", .tolerance_f64 = 2.2 * 0x1p-52, .tolerance_f32 = 4.31 * 0x1p-23, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

// Proof of tanh: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth", .inputs = {sample_values({2, 5}, -2, 2)}, .attributes = {}},
  };
}

// f64: ours is within 0.75 ulp (core/math_test.cc) and the oracle is rounded: 1.25 ulp = 1.25 2^-52. f32: ours is
// within 0.8 ulp, the oracle (an ONNX test, itself computed in f32) within 0.7: 1.5 2^-23.
[[maybe_unused]] const bool registered = register_spec(
    {.op = "tanh", .tolerance_f64 = 1.25 * 0x1p-52, .tolerance_f32 = 1.5 * 0x1p-23, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

// Proof of power: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth",
       .inputs = {sample_values({2, 5}, 0.4, 2, 1), sample_values({2, 5}, -2, 2, 2)},
       .attributes = {}},
  };
}

// f64: ours is within 0.66 ulp (core/math_test.cc) and the oracle is rounded: 1.16 ulp = 1.16 2^-52. f32: ours is
// within 0.501 ulp, the oracle (an ONNX test, itself computed in f32) within 0.5: 1 2^-23.
[[maybe_unused]] const bool registered = register_spec(
    {.op = "power", .tolerance_f64 = 1.16 * 0x1p-52, .tolerance_f32 = 1 * 0x1p-23, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

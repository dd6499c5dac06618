// Proof of sin: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "several_turns", .inputs = {sample_values({2, 5}, -8, 8)}, .attributes = {}},
  };
}

// f64: ours is within 0.72 ulp (core/math_test.cc) and the oracle is rounded: 1.3 ulp = 1.3 2^-52. f32: the oracle (an
// ONNX test) is NumPy's own f32, within 1.5 ulp, and ours is within 0.51 ulp: 2.1 2^-23.
[[maybe_unused]] const bool registered = register_spec(
    {.op = "sin", .tolerance_f64 = 1.3 * 0x1p-52, .tolerance_f32 = 2.1 * 0x1p-23, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

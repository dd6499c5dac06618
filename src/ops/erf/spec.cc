// Proof of erf: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth", .inputs = {sample_values({2, 5}, -2, 2)}, .attributes = {}},
  };
}

// f64: ours is within 1.0 ulp (core/math_test.cc) and the oracle is rounded: 1.5 ulp = 1.5 2^-52. f32: the same, the
// oracle (an ONNX test, computed in f64) rounded.
[[maybe_unused]] const bool registered = register_spec(
    {.op = "erf", .tolerance_f64 = 1.5 * 0x1p-52, .tolerance_f32 = 1.5 * 0x1p-23, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

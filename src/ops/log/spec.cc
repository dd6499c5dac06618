// Proof of log: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth", .inputs = {sample_values({2, 5}, 0.3, 4)}, .attributes = {}},
  };
}

// f64: ours is within 0.85 ulp (core/math_test.cc) and the oracle is rounded: 1.35 ulp = 1.35 2^-52. f32: ours is
// within 0.85 ulp, the oracle (an ONNX test, itself computed in f32) within 0.9: 1.75 2^-23.
[[maybe_unused]] const bool registered = register_spec(
    {.op = "log", .tolerance_f64 = 1.35 * 0x1p-52, .tolerance_f32 = 1.75 * 0x1p-23, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

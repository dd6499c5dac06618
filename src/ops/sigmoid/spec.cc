// Proof of sigmoid: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth", .inputs = {sample_values({2, 5}, -3, 3)}, .attributes = {}},
  };
}

// f64: ours is within 1.45 ulp (core/math_test.cc) and the oracle is rounded: 1.95 ulp = 1.95 2^-52. f32: ours is
// within 1.48 ulp, the oracle (an ONNX test, itself computed in f32) within 1.1: 2.58 2^-23.
[[maybe_unused]] const bool registered = register_spec(
    {.op = "sigmoid", .tolerance_f64 = 1.95 * 0x1p-52, .tolerance_f32 = 2.58 * 0x1p-23, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

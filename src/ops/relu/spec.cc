// Proof of relu: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth", .inputs = {Tensor::from<double>({6}, {-2, -0.7, -0.01, 0.02, 0.6, 3})}, .attributes = {}},
  };
}

// The result is one of the operands or a constant: equal.
[[maybe_unused]] const bool registered =
    register_spec({.op = "relu", .tolerance_f64 = 0, .tolerance_f32 = 0, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

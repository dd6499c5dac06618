// Proof of abs: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth", .inputs = {Tensor::from<double>({6}, {-2, -0.7, -0.01, 0.02, 0.6, 3})}, .attributes = {}},
  };
}

// One correctly rounded operation, the same in the oracle: equal.
[[maybe_unused]] const bool registered =
    register_spec({.op = "abs", .tolerance_f64 = 0, .tolerance_f32 = 0, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

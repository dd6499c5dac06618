// Proof of sqrt: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth", .inputs = {sample_values({2, 5}, 0.3, 4)}, .attributes = {}},
  };
}

// One correctly rounded operation, the same in the oracle: equal.
[[maybe_unused]] const bool registered =
    register_spec({.op = "sqrt", .tolerance_f64 = 0, .tolerance_f32 = 0, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

// Proof of select: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

std::vector<GradientCase> cases() {
  return {
      {.name = "smooth",
       .inputs = {Tensor::from<double>({6}, {0, 1, -1, 0, 2, 0}), sample_values({6}, -2, 2, 1),
                  sample_values({6}, -2, 2, 2)},
       .attributes = {},
       .check = {false, true, true}},
  };
}

// The result is one of the operands or a constant: equal.
[[maybe_unused]] const bool registered =
    register_spec({.op = "select", .tolerance_f64 = 0, .tolerance_f32 = 0, .gradient_cases = cases()});

}  // namespace
}  // namespace hillock

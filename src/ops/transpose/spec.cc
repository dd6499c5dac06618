// Proof of transpose: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Elements are moved unchanged.
OpSpec spec() {
  return {
      .op = "transpose",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
      .gradient_cases =
          {
              {.name = "matrix",
               .inputs = {sample_values({2, 3}, -2, 2, 1)},
               .attributes = {{"permutation", std::vector<std::int64_t>{1, 0}}}},
              {.name = "rotation",
               .inputs = {sample_values({2, 3, 2}, -2, 2, 1)},
               .attributes = {{"permutation", std::vector<std::int64_t>{2, 0, 1}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

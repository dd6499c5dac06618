// Proof of concat: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Elements are moved unchanged.
OpSpec spec() {
  return {
      .op = "concat",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
      .gradient_cases =
          {
              {.name = "two",
               .inputs = {sample_values({2, 3}, -2, 2, 1), sample_values({1, 3}, -2, 2, 2)},
               .attributes = {}},
              {.name = "three_vectors",
               .inputs = {sample_values({2}, -2, 2, 1), sample_values({1}, -2, 2, 2), sample_values({3}, -2, 2, 3)},
               .attributes = {}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

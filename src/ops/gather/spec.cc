// Proof of gather: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Elements are moved unchanged.
OpSpec spec() {
  return {
      .op = "gather",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
      .gradient_cases =
          {
              {.name = "repeats",
               .inputs = {sample_values({3, 2}, -2, 2, 1), integer_values({5}, {2, 0, 2, 1, 2}, {0, 3})},
               .attributes = {}},
              {.name = "vector",
               .inputs = {sample_values({3}, -2, 2, 1), integer_values({5}, {2, 0, 2, 1, 2}, {0, 3})},
               .attributes = {}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

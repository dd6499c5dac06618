// Proof of cast: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// A conversion is correctly rounded. Only casts between float types are differentiable, and finite differences are
// accurate only for those to f64.
OpSpec spec() {
  return {
      .op = "cast",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0x1p-24,
      .gradient_cases =
          {
              {.name = "f64_to_f64",
               .inputs = {sample_values({2, 3}, -2, 2, 1)},
               .attributes = {{"dtype", std::int64_t{1}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

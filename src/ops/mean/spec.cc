// Proof of mean: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// As for sum, plus one rounding of the quotient: 13 u with u = 2^-53 or 2^-24.
OpSpec spec() {
  return {
      .op = "mean",
      .tolerance_f64 = 13 * 0x1p-53,
      .tolerance_f32 = 13 * 0x1p-24,
      .gradient_cases =
          {
              {.name = "rows",
               .inputs = {sample_values({3, 4}, -2, 2, 1)},
               .attributes = {{"axis", std::int64_t{1}}, {"axes", std::int64_t{1}}}},
              {.name = "columns",
               .inputs = {sample_values({3, 4}, -2, 2, 1)},
               .attributes = {{"axis", std::int64_t{0}}, {"axes", std::int64_t{1}}}},
              {.name = "middle",
               .inputs = {sample_values({2, 3, 4}, -2, 2, 1)},
               .attributes = {{"axis", std::int64_t{1}}, {"axes", std::int64_t{1}}}},
              {.name = "all",
               .inputs = {sample_values({2, 3, 2}, -2, 2, 1)},
               .attributes = {{"axis", std::int64_t{0}}, {"axes", std::int64_t{3}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

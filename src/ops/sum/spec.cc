// Proof of sum: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// An element takes part in n / 16 + 4 additions, each with an error of u = 2^-53 or 2^-24 of a partial sum. Where the
// oracle is not exact, 7 elements cancel to a quarter (3 additions, 12 u), and 2053 elements to no less than 0.8 (132
// additions, whose errors add up like a random walk: 12 u).
OpSpec spec() {
  return {
      .op = "sum",
      .tolerance_f64 = 12 * 0x1p-53,
      .tolerance_f32 = 12 * 0x1p-24,
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

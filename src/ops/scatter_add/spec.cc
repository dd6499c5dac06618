// Proof of scatter_add: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// The oracle's sums are exact, or have a single term.
OpSpec spec() {
  return {
      .op = "scatter_add",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
      .gradient_cases =
          {
              {.name = "repeats",
               .inputs = {integer_values({5}, {2, 0, 2, 1, 2}, {0, 3}), sample_values({5, 2}, -2, 2, 1)},
               .attributes = {{"rows", std::int64_t{3}}}},
              {.name = "a_row_without_updates",
               .inputs = {integer_values({2}, {2, 0}, {0, 3}), sample_values({2, 2}, -2, 2, 1)},
               .attributes = {{"rows", std::int64_t{3}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

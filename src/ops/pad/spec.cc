// Proof of pad: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Elements are moved unchanged.
OpSpec spec() {
  return {
      .op = "pad",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
      .gradient_cases =
          {
              {.name = "all_sides",
               .inputs = {sample_values({2, 3}, -2, 2, 1)},
               .attributes = {{"before", std::vector<std::int64_t>{1, 0}}, {"after", std::vector<std::int64_t>{0, 2}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

// Proof of max: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// The result is one of the elements, unchanged.
OpSpec spec() {
  return {
      .op = "max",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
      .gradient_cases =
          {
              {.name = "rows",
               .inputs = {sample_values({3, 4}, -2, 2, 5)},
               .attributes = {{"axis", std::int64_t{1}}, {"axes", std::int64_t{1}}}},
              {.name = "columns",
               .inputs = {sample_values({3, 4}, -2, 2, 5)},
               .attributes = {{"axis", std::int64_t{0}}, {"axes", std::int64_t{1}}}},
              {.name = "all",
               .inputs = {sample_values({3, 4}, -2, 2, 5)},
               .attributes = {{"axis", std::int64_t{0}}, {"axes", std::int64_t{2}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

// Proof of reshape: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Elements are moved unchanged.
OpSpec spec() {
  return {
      .op = "reshape",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
      .gradient_cases =
          {
              {.name = "flat",
               .inputs = {sample_values({2, 3}, -2, 2, 1)},
               .attributes = {{"shape", std::vector<std::int64_t>{6}}}},
              {.name = "split",
               .inputs = {sample_values({6}, -2, 2, 1)},
               .attributes = {{"shape", std::vector<std::int64_t>{3, 1, 2}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

// Proof of slice: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Elements are moved unchanged.
OpSpec spec() {
  return {
      .op = "slice",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
      .gradient_cases =
          {
              {.name = "inner",
               .inputs = {sample_values({3, 4}, -2, 2, 1)},
               .attributes = {{"starts", std::vector<std::int64_t>{1, 1}}, {"sizes", std::vector<std::int64_t>{2, 2}}}},
              {.name = "whole",
               .inputs = {sample_values({2, 2}, -2, 2, 1)},
               .attributes = {{"starts", std::vector<std::int64_t>{0, 0}}, {"sizes", std::vector<std::int64_t>{2, 2}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

// Proof of broadcast: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Elements are moved unchanged.
OpSpec spec() {
  return {
      .op = "broadcast",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
      .gradient_cases =
          {
              {.name = "rows",
               .inputs = {sample_values({3}, -2, 2, 1)},
               .attributes = {{"shape", std::vector<std::int64_t>{2, 3}}}},
              {.name = "columns",
               .inputs = {sample_values({2, 1}, -2, 2, 1)},
               .attributes = {{"shape", std::vector<std::int64_t>{2, 3}}}},
              {.name = "middle",
               .inputs = {sample_values({2, 1, 3}, -2, 2, 1)},
               .attributes = {{"shape", std::vector<std::int64_t>{2, 2, 4, 3}}}},
              {.name = "scalar",
               .inputs = {sample_values({}, -2, 2, 1)},
               .attributes = {{"shape", std::vector<std::int64_t>{2, 2}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

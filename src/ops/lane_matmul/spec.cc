// Proof of lane_matmul: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// The error of a chain of K fused multiply-adds is about sqrt(K) / 3 u Σ|a b|, u = 2^-53 or 2^-24. Where the oracle is
// not exact, K is 7 and Σ|a b| at most 56 |c|: 50 u.
OpSpec spec() {
  return {
      .op = "lane_matmul",
      .tolerance_f64 = 0x1p-46,
      .tolerance_f32 = 0x1p-17,
      .gradient_cases =
          {
              {.name = "plain",
               .inputs = {sample_values({3, 4, 3}, -2, 2, 1), sample_values({4, 2, 3}, -2, 2, 2)},
               .attributes = {{"transpose_a", std::int64_t{0}}, {"transpose_b", std::int64_t{0}}}},
              {.name = "transposed_a",
               .inputs = {sample_values({4, 3, 3}, -2, 2, 1), sample_values({4, 2, 3}, -2, 2, 2)},
               .attributes = {{"transpose_a", std::int64_t{1}}, {"transpose_b", std::int64_t{0}}}},
              {.name = "transposed_b",
               .inputs = {sample_values({3, 4, 3}, -2, 2, 1), sample_values({2, 4, 3}, -2, 2, 2)},
               .attributes = {{"transpose_a", std::int64_t{0}}, {"transpose_b", std::int64_t{1}}}},
              {.name = "transposed_both",
               .inputs = {sample_values({4, 3, 3}, -2, 2, 1), sample_values({2, 4, 3}, -2, 2, 2)},
               .attributes = {{"transpose_a", std::int64_t{1}}, {"transpose_b", std::int64_t{1}}}},
              {.name = "column",
               .inputs = {sample_values({5, 3, 2}, -2, 2, 1), sample_values({3, 1, 2}, -2, 2, 2)},
               .attributes = {{"transpose_a", std::int64_t{0}}, {"transpose_b", std::int64_t{0}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

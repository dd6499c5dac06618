// Proof of matmul: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// The error of a chain of K fused multiply-adds is about sqrt(K) / 3 u Σ|a b|, u = 2^-53 or 2^-24. Where the oracle is
// not exact, that is largest for K = 13 with Σ|a b| = 148 |c|: 180 u.
OpSpec spec() {
  return {
      .op = "matmul",
      .tolerance_f64 = 0x1p-45,
      .tolerance_f32 = 0x1p-16,
      .gradient_cases =
          {
              {.name = "plain",
               .inputs = {sample_values({3, 4}, -2, 2, 1), sample_values({4, 2}, -2, 2, 2)},
               .attributes = {{"transpose_a", std::int64_t{0}}, {"transpose_b", std::int64_t{0}}}},
              {.name = "transposed_a",
               .inputs = {sample_values({4, 3}, -2, 2, 1), sample_values({4, 2}, -2, 2, 2)},
               .attributes = {{"transpose_a", std::int64_t{1}}, {"transpose_b", std::int64_t{0}}}},
              {.name = "transposed_b",
               .inputs = {sample_values({3, 4}, -2, 2, 1), sample_values({2, 4}, -2, 2, 2)},
               .attributes = {{"transpose_a", std::int64_t{0}}, {"transpose_b", std::int64_t{1}}}},
              {.name = "transposed_both",
               .inputs = {sample_values({4, 3}, -2, 2, 1), sample_values({2, 4}, -2, 2, 2)},
               .attributes = {{"transpose_a", std::int64_t{1}}, {"transpose_b", std::int64_t{1}}}},
              {.name = "column",
               .inputs = {sample_values({5, 3}, -2, 2, 1), sample_values({3, 1}, -2, 2, 2)},
               .attributes = {{"transpose_a", std::int64_t{0}}, {"transpose_b", std::int64_t{0}}}},
          },
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

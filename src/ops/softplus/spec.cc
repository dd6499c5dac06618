// Proof of softplus: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// The error is below 2 ulp (core/math_test.cc measures it) and the oracle is rounded, so at most 2.5 ulp = 2.5 2^-52
// lie between them; in f32 2^-23 takes the place of 2^-52.
[[maybe_unused]] const bool registered = register_spec({
    .op = "softplus",
    .tolerance_f64 = 2.5 * 0x1p-52,
    .tolerance_f32 = 2.5 * 0x1p-23,
    .gradient_cases =
        {
            {.name = "smooth", .inputs = {sample_values({2, 5}, -3, 3)}, .attributes = {}},
        },
});

}  // namespace
}  // namespace hillock

// Proof of negate: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// One correctly rounded operation: equal in f64; in f32 the result is the f64 one rounded.
[[maybe_unused]] const bool registered = register_spec({
    .op = "negate",
    .tolerance_f64 = 0,
    .tolerance_f32 = 0x1p-24,
    .gradient_cases =
        {
            {.name = "smooth", .inputs = {sample_values({2, 5}, -2, 2)}, .attributes = {}},
        },
});

}  // namespace
}  // namespace hillock

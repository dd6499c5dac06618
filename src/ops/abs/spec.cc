// Proof of abs: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// One correctly rounded operation: equal in f64; in f32 the result is the f64 one rounded.
[[maybe_unused]] const bool registered = register_spec({
    .op = "abs",
    .tolerance_f64 = 0,
    .tolerance_f32 = 0x1p-24,
    .gradient_cases =
        {
            {.name = "smooth",
             .inputs = {Tensor::from<double>({6}, {-2, -0.7, -0.01, 0.02, 0.6, 3})},
             .attributes = {}},
        },
});

}  // namespace
}  // namespace hillock

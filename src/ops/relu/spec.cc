// Proof of relu: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Only selects, so the result is one of the operands (in f32, rounded) or a constant.
[[maybe_unused]] const bool registered = register_spec({
    .op = "relu",
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

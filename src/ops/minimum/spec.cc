// Proof of minimum: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Only selects, so the result is one of the operands (in f32, rounded) or a constant.
[[maybe_unused]] const bool
    registered =
        register_spec(
            {
                .op = "minimum",
                .tolerance_f64 = 0,
                .tolerance_f32 = 0x1p-24,
                .gradient_cases =
                    {
                        {.name = "smooth",
                         .inputs = {Tensor::from<double>({6}, {-2, -0.7, 0.5, 1, 0.3, 3}),
                                    Tensor::from<double>({6}, {1, -0.9, 0.7, -1, 0.2, 4})},
                         .attributes = {}},
                    },
            });

}  // namespace
}  // namespace hillock

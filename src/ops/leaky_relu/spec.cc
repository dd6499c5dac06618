// Proof of leaky_relu: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// One correctly rounded product; in f32 the slope and the product are rounded.
[[maybe_unused]] const bool
    registered =
        register_spec(
            {
                .op = "leaky_relu",
                .tolerance_f64 = 0,
                .tolerance_f32 = 0x1p-23,
                .gradient_cases =
                    {
                        {.name = "slope 0.1",
                         .inputs = {Tensor::from<double>({6}, {-2, -0.7, -0.01, 0.02, 0.6, 3})},
                         .attributes = {{"slope", 0.1}}},
                        {.name = "negative slope",
                         .inputs = {Tensor::from<double>({6}, {-2, -0.7, -0.01, 0.02, 0.6, 3})},
                         .attributes = {{"slope", -0.5}}},
                    },
            });

}  // namespace
}  // namespace hillock

// Proof of less: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// The result is 0 or 1.
[[maybe_unused]] const bool registered = register_spec({.op = "less", .tolerance_f64 = 0, .tolerance_f32 = 0});

}  // namespace
}  // namespace hillock

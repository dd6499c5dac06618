// Proof of random_uniform: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Words times a power of two. Not differentiable: the operand is an integer.
OpSpec spec() {
  return {
      .op = "random_uniform",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

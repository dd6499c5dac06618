// Proof of one_hot: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Zeros and ones. Not differentiable: the operand is an integer.
OpSpec spec() {
  return {
      .op = "one_hot",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

// Proof of argmax: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// An integer. Not differentiable: a step function.
OpSpec spec() {
  return {
      .op = "argmax",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

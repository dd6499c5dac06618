// Proof of all_finite: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// A flag. Not differentiable.
OpSpec spec() {
  return {
      .op = "all_finite",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

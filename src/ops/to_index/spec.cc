// Proof of to_index: tolerances and gradient points.
#include "ops/spec.h"

namespace hillock {
namespace {

// Whole numbers. Not differentiable.
OpSpec spec() {
  return {
      .op = "to_index",
      .tolerance_f64 = 0,
      .tolerance_f32 = 0,
  };
}

[[maybe_unused]] const bool registered = register_spec(spec());

}  // namespace
}  // namespace hillock

// Proof of constant: exact in f64 and rounded once in f32, as is the oracle. There is nothing to differentiate.
#include "ops/spec.h"

namespace hillock {
namespace {

[[maybe_unused]] const bool registered = register_spec({.op = "constant", .tolerance_f64 = 0, .tolerance_f32 = 0});

}  // namespace
}  // namespace hillock

// Looks up kernels by op and backend in the ops' records, when a plan is made and when it is bound.
#pragma once

#include "hillock/op.h"

namespace hillock {

// The rule that chooses the op's kernel; nullptr if the op has no kernel of its own.
KernelRule kernel_rule(const Op& op, Backend backend);
// The function of a pointwise op on elements of `element_bytes` bytes (4 for f32, 8 for f64).
PointwiseFunction pointwise_function(const Op& op, Backend backend, std::size_t element_bytes);

}  // namespace hillock

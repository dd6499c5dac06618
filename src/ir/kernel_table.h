// The table of kernels, by op and backend. A row of it is an op's record; plans are made and bound by what it finds.
#pragma once

#include "hillock/op.h"

namespace hillock {

// The rule that chooses the op's kernel; nullptr where the op has none of its own.
KernelRule kernel_rule(const Op& op, Backend backend);
// The function of a pointwise op over elements of `element_bytes` bytes (4: f32, 8: f64).
PointwiseFunction pointwise_function(const Op& op, Backend backend, std::size_t element_bytes);

}  // namespace hillock

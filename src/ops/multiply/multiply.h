// multiply: see multiply.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& multiply_op();
const PointwiseRule& multiply_pointwise();
// An element of the result, for kernels.
inline constexpr auto multiply_element = [](auto, auto x, auto y) { return x * y; };

}  // namespace hillock

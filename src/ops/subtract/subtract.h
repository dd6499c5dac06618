// subtract: see subtract.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& subtract_op();
const PointwiseRule& subtract_pointwise();
// An element of the result, for kernels.
inline constexpr auto subtract_element = [](auto, auto x, auto y) { return x - y; };

}  // namespace hillock

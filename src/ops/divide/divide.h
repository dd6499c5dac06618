// divide: see divide.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& divide_op();
const PointwiseRule& divide_pointwise();
// An element of the result, for kernels.
inline constexpr auto divide_element = [](auto, auto x, auto y) { return x / y; };

}  // namespace hillock

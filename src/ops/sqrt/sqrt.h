// sqrt: see sqrt.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& sqrt_op();
const PointwiseRule& sqrt_pointwise();
// An element of the result, for kernels.
inline constexpr auto sqrt_element = [](auto lanes, auto x) { return decltype(lanes)::sqrt(x); };

}  // namespace hillock

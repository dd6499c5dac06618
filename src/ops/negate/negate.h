// negate: see negate.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& negate_op();
const PointwiseRule& negate_pointwise();
// An element of the result, for kernels.
inline constexpr auto negate_element = [](auto lanes, auto x) { return decltype(lanes)::negate(x); };

}  // namespace hillock

// softplus: see softplus.cc.
#pragma once

#include "core/math_generic.h"
#include "hillock/op.h"

namespace hillock {

const Op& softplus_op();
const PointwiseRule& softplus_pointwise();
// An element of the result, for kernels.
inline constexpr auto softplus_element = [](auto lanes, auto x) { return math::generic::softplus<decltype(lanes)>(x); };

}  // namespace hillock

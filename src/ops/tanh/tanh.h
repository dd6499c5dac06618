// tanh: see tanh.cc.
#pragma once

#include "core/math_generic.h"
#include "hillock/op.h"

namespace hillock {

const Op& tanh_op();
const PointwiseRule& tanh_pointwise();
// An element of the result, for kernels.
inline constexpr auto tanh_element = [](auto lanes, auto x) { return math::generic::tanh<decltype(lanes)>(x); };

}  // namespace hillock

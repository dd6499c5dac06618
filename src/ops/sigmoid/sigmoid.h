// sigmoid: see sigmoid.cc.
#pragma once

#include "core/math_generic.h"
#include "hillock/op.h"

namespace hillock {

const Op& sigmoid_op();
const PointwiseRule& sigmoid_pointwise();
// An element of the result, for kernels.
inline constexpr auto sigmoid_element = [](auto lanes, auto x) { return math::generic::sigmoid<decltype(lanes)>(x); };

}  // namespace hillock

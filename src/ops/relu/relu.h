// relu: see relu.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& relu_op();
const PointwiseRule& relu_pointwise();
// An element of the result, for kernels.
inline constexpr auto relu_element = [](auto lanes, auto x) {
  using L = decltype(lanes);
  return L::select(L::less(x, L::set(0)), L::set(0), x);
};

}  // namespace hillock

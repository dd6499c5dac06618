// equal: see equal.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& equal_op();
const PointwiseRule& equal_pointwise();
// An element of the result, for kernels.
inline constexpr auto equal_element = [](auto lanes, auto x, auto y) {
  using L = decltype(lanes);
  return L::select(L::equal(x, y), L::set(1), L::set(0));
};

}  // namespace hillock

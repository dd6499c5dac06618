// less: see less.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& less_op();
const PointwiseRule& less_pointwise();
// An element of the result, for kernels.
inline constexpr auto less_element = [](auto lanes, auto x, auto y) {
  using L = decltype(lanes);
  return L::select(L::less(x, y), L::set(1), L::set(0));
};

}  // namespace hillock

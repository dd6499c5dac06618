// select: see select.cc.
#pragma once

#include "hillock/op.h"

namespace hillock {

const Op& select_op();
const PointwiseRule& select_pointwise();
// An element of the result, for kernels.
inline constexpr auto select_element = [](auto lanes, auto condition, auto x, auto y) {
  using L = decltype(lanes);
  return L::select(L::equal(condition, L::set(0)), y, x);
};

}  // namespace hillock

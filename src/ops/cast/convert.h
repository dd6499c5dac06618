// The meaning of a cast for one element, shared by the definition and the kernel.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

namespace hillock {

// Float to integer truncates; NaN becomes 0 and values out of range become the nearest limit. Integers wrap into
// narrower integers and are rounded to the nearest float, ties to even; f64 is rounded to f32 in the same way.
template <class To, class From>
To convert_element(From x) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    using Limits = std::numeric_limits<To>;
    // The smallest integer is a power of two. It and its negation, one above the largest integer, are exact in any
    // float type.
    constexpr From kLeast = static_cast<From>(Limits::min());
    if (std::isnan(x)) return 0;
    if (x < kLeast) return Limits::min();
    if (x >= -kLeast) return Limits::max();
  }
  return static_cast<To>(x);
}

}  // namespace hillock

// The index of the largest of `count` elements, shared by the definition and the kernel of argmax.
#pragma once

#include <cmath>
#include <cstdint>

namespace hillock {

// The first of equal maxima; the first NaN if there is one, as in NumPy.
template <class T>
std::int32_t first_maximum(const T* x, std::int64_t count, std::int64_t stride) {
  std::int64_t best = 0;
  T largest = x[0];
  for (std::int64_t k = 1; k < count && !std::isnan(largest); ++k) {
    const T value = x[k * stride];
    if (value > largest || std::isnan(value)) {
      best = k;
      largest = value;
    }
  }
  return static_cast<std::int32_t>(best);
}

}  // namespace hillock

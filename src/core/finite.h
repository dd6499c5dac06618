// Whether numbers are finite, told from their bits: exact, and a loop without branches, which compilers turn into
// vectors.
#pragma once

#include <bit>
#include <cstdint>

#include "hillock/tensor.h"

namespace hillock {

// NaN and the infinities have an exponent of all ones; one more in its last place carries into the sign's bit.
template <class Bits, class T>
bool all_finite(const T* values, std::int64_t elements, Bits exponent, Bits last_place) {
  static_assert(sizeof(Bits) == sizeof(T));
  Bits carried = 0;
  for (std::int64_t i = 0; i < elements; ++i) carried |= (std::bit_cast<Bits>(values[i]) & exponent) + last_place;
  return carried >> (8 * sizeof(Bits) - 1) == 0;
}

// `values` are `elements` numbers of `dtype`. Integers are finite.
inline bool all_finite(DType dtype, const void* values, std::int64_t elements) {
  if (dtype == DType::f32) {
    return all_finite<std::uint32_t>(static_cast<const float*>(values), elements, 0x7F800000u, 0x00800000u);
  }
  if (dtype == DType::f64) {
    return all_finite<std::uint64_t>(static_cast<const double*>(values), elements, 0x7FF0000000000000u,
                                     0x0010000000000000u);
  }
  return true;
}

inline bool all_finite(const Tensor& tensor) { return all_finite(tensor.dtype(), tensor.raw(), tensor.elements()); }

}  // namespace hillock

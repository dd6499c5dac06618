// Tests whether numbers are finite by their bits. The test is exact and has no branches, so that compilers can
// vectorize the loop.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "hillock/tensor.h"

namespace hillock {

template <class T>
using FloatBits = std::conditional_t<sizeof(T) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;

// NaN and the infinities have an exponent of all ones. Adding one at its lowest bit carries into the sign bit. Several
// numbers are all finite if the carry bits, combined by or, are zero.
template <class T>
FloatBits<T> finite_carry(T value) {
  using Bits = FloatBits<T>;
  constexpr Bits kLastPlace = Bits{1} << (std::numeric_limits<T>::digits - 1);
  constexpr Bits kExponent = (Bits{1} << (8 * sizeof(T) - 1)) - kLastPlace;
  return (std::bit_cast<Bits>(value) & kExponent) + kLastPlace;
}
template <class T>
bool carry_is_finite(FloatBits<T> carried) {
  return carried >> (8 * sizeof(T) - 1) == 0;
}

template <class T>
bool all_finite(const T* values, std::int64_t elements) {
  FloatBits<T> carried = 0;
  for (std::int64_t i = 0; i < elements; ++i) carried |= finite_carry(values[i]);
  return carry_is_finite<T>(carried);
}

// `values` holds `elements` numbers of `dtype`. Integers are always finite.
inline bool all_finite(DType dtype, const void* values, std::int64_t elements) {
  if (dtype == DType::f32) return all_finite(static_cast<const float*>(values), elements);
  if (dtype == DType::f64) return all_finite(static_cast<const double*>(values), elements);
  return true;
}

inline bool all_finite(const Tensor& tensor) { return all_finite(tensor.dtype(), tensor.raw(), tensor.elements()); }

}  // namespace hillock

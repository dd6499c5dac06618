// Scalar operations for canonical mathematics, on one float or double.
//
// src/core/math_generic.h is written once over such a "lane" type. cpu/vector_math.h provides the same operations for
// vectors, so that each lane of a vector and a scalar get the same roundings in the same order, and hence the same
// bits. Only operations that IEEE 754 rounds correctly, or that move bits, may be added here. Besides the operations
// below, values have + - * /, and bits have + - & |.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace hillock::math {

template <class T>
struct Lane {
  using Float = T;
  using Unsigned = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  using Signed = std::make_signed_t<Unsigned>;
  using Value = T;
  using Bits = Unsigned;
  using Mask = bool;

  static Value set(T value) { return value; }
  static Bits set_bits(Unsigned value) { return value; }

  static Bits bits(Value x) { return std::bit_cast<Bits>(x); }
  static Value from_bits(Bits x) { return std::bit_cast<Value>(x); }
  template <int kCount>
  static Bits shift_left(Bits x) {
    return x << kCount;
  }
  template <int kCount>
  static Bits shift_right(Bits x) {  // shifts in zeros
    return x >> kCount;
  }

  static Value fma(Value x, Value y, Value z) { return std::fma(x, y, z); }    // x y + z, rounded once
  static Value fnma(Value x, Value y, Value z) { return std::fma(-x, y, z); }  // z - x y, rounded once
  static Value fms(Value x, Value y, Value z) { return std::fma(x, y, -z); }   // x y - z, rounded once
  static Value abs(Value x) { return from_bits(bits(x) & (~Unsigned{0} >> 1)); }
  static Value negate(Value x) { return -x; }
  static Value trunc(Value x) { return std::trunc(x); }
  static Value sqrt(Value x) { return std::sqrt(x); }

  static Mask less(Value x, Value y) { return x < y; }
  static Mask equal(Value x, Value y) { return x == y; }
  static Mask is_nan(Value x) { return x != x; }
  // Compare bits, so that denormals count in any mode of the processor. `bits_less` is signed.
  static Mask bits_less(Bits x, Bits y) { return static_cast<Signed>(x) < static_cast<Signed>(y); }
  static Mask bits_equal(Bits x, Bits y) { return x == y; }
  static Mask both(Mask x, Mask y) { return x && y; }
  static Mask either(Mask x, Mask y) { return x || y; }
  static Mask but_not(Mask x, Mask y) { return x && !y; }
  // Selects by moving bits. If the compiler saw the origin of the mask, it might use the processor's maximum or minimum
  // instead, which flush denormals to zero.
  static Value select(Mask mask, Value yes, Value no) {
    unsigned chosen = mask;  // not a bool: clang may pass one on as 255
#if defined(__GNUC__)
    asm("" : "+r"(chosen));
#endif
    return chosen != 0 ? yes : no;
  }

  // For f32 only: calls `function(Lane<double>{}, operands as f64...)` and rounds the result to f32.
  template <class Function, class... Values>
  static Value through_f64(Function function, Values... values) {
    return static_cast<float>(function(Lane<double>{}, static_cast<double>(values)...));
  }
};

}  // namespace hillock::math

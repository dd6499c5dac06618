// Canonical x^y over the operations of a lane type L; see math_generic.h.
//
// x^y = e^(y log|x|), to which the sign is applied at the end. The logarithm needs some 12 bits more than the result,
// because its error is multiplied by y log|x| <= 710: f32 uses f64, and f64 uses unevaluated sums of two numbers
// (Dekker 1971). Special cases are those of pow in C (ISO C17, F.10.4.4).
#pragma once

#include <limits>

#include "core/math_generic.h"

namespace hillock::math::generic {

// The sum of a number and a smaller pair, and the product of two pairs; each to about 100 bits.
template <class L>
Two<L> add_larger(Two<L> larger, Two<L> x) {
  const Two<L> sum = fast_two_sum<L>(larger.high, x.high);
  return {sum.high, sum.low + (larger.low + x.low)};
}
template <class L>
Two<L> multiply(Two<L> x, Two<L> y) {
  const auto product = x.high * y.high;
  return {product, L::fms(x.high, y.high, product) + L::fma(x.high, y.low, x.low * y.high)};
}

// log x for finite x > 0, f64, relative error about 2^-68: 2 atanh(s) = s (2 + z (2/3 + z (2/5 + z tail(z)))), z = s^2.
template <class L>
Two<L> log_in_two(typename L::Value x) {
  using C = Constants<double>;
  const Decomposed<L> parts = decompose<L>(x);
  const auto one = L::set(1);
  const auto f = parts.m - one;                    // exact
  const Two<L> d = fast_two_sum<L>(one, parts.m);  // 1 + m; exact even for m > 1: both sums have spare bits
  const auto quotient = f / d.high;
  const Two<L> s = {quotient, L::fnma(quotient, d.low, L::fnma(quotient, d.high, f)) / d.high};
  const Two<L> z = multiply<L>(s, s);

  const Two<L> tail = {z.high * polynomial<L>(z.high, C::kLogTail), L::set(0)};
  const Two<L> fifth = add_larger<L>({L::set(0x1.999999999999ap-2), L::set(-0x1.999999999999ap-56)}, tail);
  const Two<L> third =
      add_larger<L>({L::set(0x1.5555555555555p-1), L::set(0x1.5555555555555p-55)}, multiply<L>(z, fifth));
  const Two<L> twice = add_larger<L>({L::set(2), L::set(0)}, multiply<L>(z, third));
  const Two<L> log_m = multiply<L>(s, twice);

  // k ln 2: the high product is exact, and larger than |log m| <= ln(2)/2 unless k is 0.
  const Two<L> sum = add_larger<L>({parts.k * L::set(C::kLn2High), parts.k * L::set(C::kLn2Low)}, log_m);
  return fast_two_sum<L>(sum.high, sum.low);
}

// |x|^y in f64, where neither is NaN. Results out of range are inf, or 0 below the smallest normal number.
template <class L>
typename L::Value power_of_magnitude_f64(typename L::Value magnitude, typename L::Value y) {
  using C = Constants<double>;
  const auto infinity = L::set(std::numeric_limits<double>::infinity());
  const auto zero = L::set(0);
  const Two<L> log_x = log_in_two<L>(magnitude);
  const auto high = y * log_special_cases<L>(magnitude, log_x.high);
  const auto low = L::fma(y, log_x.low, L::fms(y, log_x.high, high));

  auto result = expand_exp<L>(reduce_exp<L>(high, low));
  // Within a rounding error of the limits the exponent decides: its bits are all zeros or all ones if out of range.
  result = L::select(L::less(result, L::from_bits(L::set_bits(C::kInfinityBits))), result, infinity);
  result = L::select(L::less(result, L::from_bits(L::set_bits(C::kSmallestNormalBits))), zero, result);
  result = L::select(L::less(L::set(C::kExpLargest + 1e-9), high), infinity, result);
  return L::select(L::less(high, L::set(C::kExpSmallest - 1e-9)), zero, result);
}

// The same for f32, computed in f64: the error of log, 2^-53, times 104 leaves far more than 24 bits.
template <class L>
typename L::Value power_of_magnitude_f32(typename L::Value magnitude, typename L::Value y) {
  using C = Constants<float>;
  const auto given = L::bits(magnitude);
  const auto denormal = L::bits_less(given, L::set_bits(C::kSmallestNormalBits));
  const auto unit_step = L::set(C::kUnitStep);
  const auto multiple = L::from_bits(given | L::bits(unit_step)) - unit_step;  // of the smallest denormal, 2^-149
  const auto scaled = L::select(denormal, multiple, magnitude);
  const auto exponent = L::select(denormal, L::set(-149), L::set(0));
  return L::through_f64(
      [](auto lanes, auto x, auto k, auto power) {
        using D = decltype(lanes);
        const auto log_x = log<D>(x) + k * D::set(0x1.62e42fefa39efp-1);
        auto result = exp<D>(power * log_x);
        const auto overflow = D::set(0x1.ffffffp127);  // halfway between the largest f32 and 2^128
        result = D::select(D::less(result, overflow), result, D::set(std::numeric_limits<double>::infinity()));
        return D::select(D::less(result, D::set(std::numeric_limits<float>::min())), D::set(0), result);
      },
      scaled, exponent, y);
}

template <class L>
typename L::Value power(typename L::Value x, typename L::Value y) {
  using T = typename L::Float;
  using C = Constants<T>;
  const auto zero_bits = L::set_bits(0);
  const auto one = L::set(1);
  // A denormal exponent counts as 0 in any mode of the processor.
  y = L::select(L::bits_less(L::bits(L::abs(y)), L::set_bits(C::kSmallestNormalBits)), L::set(0), y);
  const auto magnitude = L::abs(x);
  const auto sign_bit = L::bits(L::set(static_cast<T>(-0.0)));
  typename L::Value result;
  if constexpr (sizeof(T) == 4) {
    result = power_of_magnitude_f32<L>(magnitude, y);
  } else {
    result = power_of_magnitude_f64<L>(magnitude, y);
  }
  const auto unit_magnitude = L::equal(magnitude, one);
  result = L::select(unit_magnitude, one, result);  // y may be infinite

  const auto negative = L::bits_less(L::bits(x), zero_bits);
  const auto integer = L::bits_equal(L::bits(L::trunc(y)), L::bits(y));  // infinities count as even integers
  const auto half = L::set(static_cast<T>(0.5)) * y;
  const auto odd = L::but_not(integer, L::equal(L::trunc(half), half));
  const auto minus = L::from_bits(L::bits(result) | sign_bit);
  result = L::select(L::both(negative, odd), minus, result);

  // A negative base, neither 0 nor -inf, has no real power with a fractional exponent.
  const auto magnitude_bits = L::bits(magnitude);
  const auto finite = L::bits_less(magnitude_bits, L::set_bits(C::kInfinityBits));
  const auto improper =
      L::but_not(L::but_not(L::both(negative, finite), integer), L::bits_equal(magnitude_bits, zero_bits));
  result = L::select(improper, L::set(std::numeric_limits<T>::quiet_NaN()), result);
  result = L::select(L::is_nan(x), x, result);
  result = L::select(L::is_nan(y), y, result);
  return L::select(L::either(L::equal(y, L::set(0)), L::equal(x, one)), one, result);
}

}  // namespace hillock::math::generic

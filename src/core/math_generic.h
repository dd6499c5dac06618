// Canonical exp, log, tanh, sigmoid, softplus, erf and e^x - 1, written once over the operations of a lane type L
// (lane.h).
//
// Every step is one correctly rounded operation, so the bits depend on the formula only, and not on the machine, the
// vector width or the flush-to-zero mode: results below the smallest normal number are defined as 0, and denormal
// operands are decomposed as integers. math.h lists the measured errors.
//
// The range reductions and the rearrangement of log are the classical ones: W. J. Cody and W. Waite, Software Manual
// for the Elementary Functions (1980), ch. 5-6; P. T. P. Tang, ACM TOMS 15 (1989) and 16 (1990). Compensated sums are
// T. J. Dekker's, Numer. Math. 18 (1971).
#pragma once

#include <array>
#include <cstddef>
#include <limits>

#include "core/math_constants.h"

namespace hillock::math::generic {

// Horner's rule from the highest coefficient down, unrolled at compile time.
template <class L, std::size_t kNext, std::size_t kCount>
typename L::Value polynomial_from(typename L::Value sum, typename L::Value x,
                                  const std::array<typename L::Float, kCount>& coefficients) {
  if constexpr (kNext == 0) {
    return sum;
  } else {
    return polynomial_from<L, kNext - 1>(L::fma(sum, x, L::set(coefficients[kNext - 1])), x, coefficients);
  }
}
template <class L, std::size_t kCount>
typename L::Value polynomial(typename L::Value x, const std::array<typename L::Float, kCount>& coefficients) {
  return polynomial_from<L, kCount - 1>(L::set(coefficients[kCount - 1]), x, coefficients);
}

// e^(x + x_low) = 2^n (1 + r + tail), |r| <= ln(2)/2, n an integer.
template <class L>
struct ReducedExp {
  typename L::Bits n_bits;  // n, shifted to the position of a float's exponent
  typename L::Value r;
  typename L::Value tail;  // e^r - 1 - r plus the rounding error of r; below 0.07
};

// n = round(x / ln 2) is in the low bits of x / ln 2 + 1.5 2^23 (2^52). r = x + x_low - n ln 2 with ln 2 as two
// numbers, so that the first product and difference are exact (Cody and Waite). Meaningless but harmless if e^x is out
// of range.
template <class L>
ReducedExp<L> reduce_exp(typename L::Value x, typename L::Value x_low) {
  using C = Constants<typename L::Float>;
  const auto rounder = L::set(C::kRounder);
  const auto rounded = L::fma(x, L::set(C::kLog2E), rounder);
  const auto n = rounded - rounder;
  const auto high = L::fnma(n, L::set(C::kLn2High), x);
  const auto correction = L::fnma(n, L::set(C::kLn2Low), x_low);
  const auto r = high + correction;
  const auto lost = correction - (r - high);
  const auto tail = L::fma(r * r, polynomial<L>(r, C::kExp), lost);
  return {L::template shift_left<C::kFractionBits>(L::bits(rounded)), r, tail};
}

// 2^n (1 + r + tail), the sum compensated, if it neither overflows nor falls below the smallest normal number.
template <class L>
typename L::Value expand_exp(const ReducedExp<L>& reduced) {
  const auto one = L::set(1);
  const auto sum = one + reduced.r;
  const auto lost = reduced.r - (sum - one);
  return L::from_bits(L::bits(sum + (lost + reduced.tail)) + reduced.n_bits);
}

template <class L>
typename L::Value exp(typename L::Value x) {
  using T = typename L::Float;
  using C = Constants<T>;
  auto y = expand_exp<L>(reduce_exp<L>(x, L::set(0)));
  y = L::select(L::less(L::set(C::kExpLargest), x), L::set(std::numeric_limits<T>::infinity()), y);
  y = L::select(L::less(x, L::set(C::kExpSmallest)), L::set(0), y);
  return L::select(L::is_nan(x), x, y);
}

// The unevaluated sum high + low, where |low| is at most an ulp of high.
template <class L>
struct Two {
  typename L::Value high;
  typename L::Value low;
};

// x + y exactly, for |x| >= |y| or x = 0 (Dekker).
template <class L>
Two<L> fast_two_sum(typename L::Value x, typename L::Value y) {
  const auto sum = x + y;
  return {sum, y - (sum - x)};
}

// e^x - 1 = (2^n - 1) + 2^n r + 2^n tail for -1000 < x <= 0 in f64, -100 in f32; elsewhere meaningless but harmless.
template <class L>
Two<L> expm1_in_two(typename L::Value x) {
  const auto one = L::set(1);
  const ReducedExp<L> reduced = reduce_exp<L>(x, L::set(0));
  const auto scale = L::from_bits(L::bits(one) + reduced.n_bits);
  const Two<L> base = fast_two_sum<L>(L::negate(one), scale);
  const Two<L> sum = fast_two_sum<L>(base.high, scale * reduced.r);
  return fast_two_sum<L>(sum.high, L::fma(scale, reduced.tail, sum.low + base.low));
}

// e^x - 1 for x <= 0.
template <class L>
typename L::Value expm1_nonpositive(typename L::Value x) {
  using T = typename L::Float;
  auto y = expm1_in_two<L>(x).high;
  y = L::select(L::less(x, L::set(Constants<T>::kExpm1Smallest)), L::set(-1), y);
  // Returns small x unchanged, which keeps the sign of zero and denormals.
  y = L::select(L::less(L::abs(x), L::set(static_cast<T>(0x1p-60))), x, y);
  return L::select(L::is_nan(x), x, y);
}

// x = 2^k m with sqrt(1/2) <= m < sqrt(2), for finite x > 0 including denormals.
template <class L>
struct Decomposed {
  typename L::Value k;
  typename L::Value m;
};

template <class L>
Decomposed<L> decompose(typename L::Value x) {
  using C = Constants<typename L::Float>;
  const auto unit_step = L::set(C::kUnitStep);
  const auto unit_bits = L::bits(unit_step);
  const auto given = L::bits(x);
  // The bits of a denormal, read as an integer, are its multiple of the smallest denormal. They are below 2^23 (2^52),
  // so setting the exponent of the first float without fraction bits converts them to a float.
  const auto denormal = L::bits_less(given, L::set_bits(C::kSmallestNormalBits));
  const auto normalized = L::from_bits(given | unit_bits) - unit_step;
  const auto bits = L::bits(L::select(denormal, normalized, x));
  const auto bias =
      L::select(denormal, L::set(C::kExponentBias + C::kExponentBias + C::kFractionBits - 2), L::set(C::kExponentBias));

  const auto offset = L::set_bits(C::kExponentOffset);
  const auto quotient = bits - L::set_bits(C::kSqrtHalfBits) + offset;  // x / sqrt(1/2) with a raised exponent
  const auto biased = L::template shift_right<C::kFractionBits>(quotient);
  const auto m = bits + offset - L::template shift_left<C::kFractionBits>(biased);
  return {L::from_bits(biased | unit_bits) - unit_step - bias, L::from_bits(m)};
}

// k ln 2 + log(1 + f) for sqrt(1/2) - 1 <= f < sqrt(2) - 1. With s = f / (2 + f), log(1 + f) = 2 atanh(s) = 2 s + s R,
// R = s^2 polynomial(s^2); as 2 s = f - s f, this is f - (f^2/2 - s (f^2/2 + R)), which starts from f, an exact number.
template <class L>
typename L::Value log_from_parts(typename L::Value k, typename L::Value f) {
  using C = Constants<typename L::Float>;
  const auto s = f / (L::set(2) + f);
  const auto z = s * s;
  const auto remainder = z * polynomial<L>(z, C::kLog);
  const auto half_square = L::set(static_cast<typename L::Float>(0.5)) * f * f;
  const auto correction = L::fma(s, half_square + remainder, k * L::set(C::kLn2Low));
  return L::fma(k, L::set(C::kLn2High), f - (half_square - correction));
}

// The results of log for x that is not a positive finite number; `y` otherwise.
template <class L>
typename L::Value log_special_cases(typename L::Value x, typename L::Value y) {
  using T = typename L::Float;
  using C = Constants<T>;
  const auto bits = L::bits(x);
  y = L::select(L::bits_less(bits, L::set_bits(C::kInfinityBits)), y, x);  // +inf, NaN
  y = L::select(L::bits_less(bits, L::set_bits(0)), L::set(std::numeric_limits<T>::quiet_NaN()), y);
  return L::select(L::bits_equal(bits + bits, L::set_bits(0)), L::set(-std::numeric_limits<T>::infinity()), y);
}

template <class L>
typename L::Value log(typename L::Value x) {
  const Decomposed<L> parts = decompose<L>(x);
  return log_special_cases<L>(x, log_from_parts<L>(parts.k, parts.m - L::set(1)));
}

// numerator / denominator for two pairs, where about 1 / denominator is given: the quotient of the leading parts plus
// the product of its remainder with that.
template <class L>
typename L::Value corrected(typename L::Value quotient, Two<L> numerator, Two<L> denominator,
                            typename L::Value reciprocal) {
  const auto remainder = L::fnma(quotient, denominator.high, numerator.high);
  const auto rest = L::fnma(quotient, denominator.low, remainder + numerator.low);
  return L::fma(rest, reciprocal, quotient);
}

// tanh|x| = -t / (t + 2) with t = e^(-2|x|) - 1 and 1 / (t + 2) = (1 + tanh|x|) / 2. Finally the sign of x is restored.
template <class L>
typename L::Value tanh(typename L::Value x) {
  using T = typename L::Float;
  const auto magnitude = L::abs(x);
  const Two<L> t = expm1_in_two<L>(L::set(-2) * magnitude);
  const Two<L> sum = fast_two_sum<L>(L::set(2), t.high);
  const auto quotient = t.high / sum.high;
  const auto half = L::set(static_cast<T>(0.5));
  auto y = corrected<L>(quotient, t, {sum.high, sum.low + t.low}, L::fnma(half, quotient, half));
  y = L::select(L::less(L::set(-Constants<T>::kExpm1Smallest), magnitude), L::set(1), L::abs(y));
  y = L::select(L::less(magnitude, L::set(static_cast<T>(0x1p-60))), magnitude, y);
  y = L::from_bits(L::bits(y) | (L::bits(x) & L::bits(L::set(static_cast<T>(-0.0)))));
  return L::select(L::is_nan(x), x, y);
}

// 1 / (1 + z) for x >= 0 and z / (1 + z) for x < 0, with z = e^-|x|, which never overflows; 1 / (1 + z) is the result
// or 1 minus the result.
template <class L>
typename L::Value sigmoid(typename L::Value x) {
  const auto zero = L::set(0);
  const auto one = L::set(1);
  const auto z = exp<L>(L::negate(L::abs(x)));
  const auto negative = L::less(x, zero);
  const auto numerator = L::select(negative, z, one);
  const Two<L> denominator = fast_two_sum<L>(one, z);
  const auto quotient = numerator / denominator.high;
  return corrected<L>(quotient, {numerator, zero}, denominator, L::select(negative, one - quotient, quotient));
}

// log(1 + e^x) = max(x, 0) + log(1 + z), z = e^-|x| in [0, 1]. If 1 + z exceeds sqrt(2) it is halved and ln 2 added, so
// that the argument f of log_from_parts is exact: z itself or (z - 1)/2.
template <class L>
typename L::Value softplus(typename L::Value x) {
  using T = typename L::Float;
  const auto zero = L::set(0);
  const auto one = L::set(1);
  const auto z = exp<L>(L::negate(L::abs(x)));
  const auto large = L::less(L::set(static_cast<T>(0.41421356237309503)), z);
  const auto f = L::select(large, (z - one) * L::set(static_cast<T>(0.5)), z);
  const auto y = log_from_parts<L>(L::select(large, one, zero), f);
  return L::select(L::less(zero, x), x, zero) + y;
}

// 2/sqrt(pi) x for denormal x >= 0 if the result is a normal number, else 0. Computed in multiples of the smallest
// denormal, which are the bits themselves (see decompose).
template <class L>
typename L::Value erf_of_denormal(typename L::Value x) {
  using C = Constants<typename L::Float>;
  const auto unit_step = L::set(C::kUnitStep);
  const auto unit_bits = L::bits(unit_step);
  const auto count = L::from_bits(L::bits(x) | unit_bits) - unit_step;
  const auto grown = L::bits(L::fma(count, L::set(C::kErfSmall[0]), count));
  const auto normal = L::from_bits(grown - unit_bits + L::set_bits(C::kSmallestNormalBits));
  return L::select(L::bits_less(grown, unit_bits), L::set(0), normal);
}

// For |x| <= 1, erf|x| = |x| + |x| P(x^2). Beyond, it is 1 - e^-Q(|x| - 1) with Q = -log(1 - erf), which is nearly
// linear; an error of Q is multiplied by 1 - erf, less than 0.16. Finally the sign of x is restored.
template <class L>
typename L::Value erf(typename L::Value x) {
  using T = typename L::Float;
  using C = Constants<T>;
  const auto one = L::set(1);
  const auto magnitude = L::abs(x);
  const auto largest = L::set(C::kErfLargest);
  const auto small = L::fma(magnitude, polynomial<L>(magnitude * magnitude, C::kErfSmall), magnitude);
  const auto beyond_one = L::select(L::less(largest, magnitude), largest, magnitude) - one;
  const auto large = one - exp<L>(L::negate(polynomial<L>(beyond_one, C::kErfLarge)));
  auto y = L::select(L::less(magnitude, one), small, large);
  const auto denormal = L::bits_less(L::bits(magnitude), L::set_bits(C::kSmallestNormalBits));
  y = L::select(denormal, erf_of_denormal<L>(magnitude), y);
  y = L::from_bits(L::bits(y) | (L::bits(x) & L::bits(L::set(static_cast<T>(-0.0)))));
  return L::select(L::is_nan(x), x, y);
}

}  // namespace hillock::math::generic

// Canonical sine and cosine over the operations of a lane type L, see math_generic.h.
//
// x = n pi/2 + r with |r| <= pi/4 and a little; the quadrant n mod 4 tells which of sin r, cos r, -sin r and -cos r is
// meant. f32 computes in f64. The reduction (Cody and Waite, with fused multiply-adds) is good for |x| <= 2^47; beyond
// it the result is NaN, like that of an infinity: a number whose neighbours are 1/32 apart has a sine only by
// accident, and one that is said to have none is noticed.
#pragma once

#include <limits>

#include "core/math_generic.h"

namespace hillock::math::generic {

// x = n pi/2 + r.high + r.low, f64.
template <class L>
struct ReducedAngle {
  typename L::Bits n_bits;  // n in the low bits
  Two<L> r;
};

// n = round(x 2/pi) as in reduce_exp. x and n times the high part of pi/2 are multiples of 2^-53 and their difference
// is below 1, so that the first fused multiply-add is exact; the second part's product and difference are carried with
// their rounding errors (Dekker), the third's need not be.
template <class L>
ReducedAngle<L> reduce_angle(typename L::Value x) {
  using C = Constants<double>;
  const auto rounder = L::set(C::kRounder);
  const auto rounded = L::fma(x, L::set(C::kTwoOverPi), rounder);
  const auto n = rounded - rounder;
  const auto first = L::fnma(n, L::set(C::kHalfPiHigh), x);
  const auto middle = L::set(C::kHalfPiMiddle);
  const auto product = n * middle;
  const auto product_lost = L::fms(n, middle, product);
  const auto high = first - product;
  const auto taken = first - high;  // two-sum: either may be the larger one
  const auto lost = (first - (high + taken)) + (taken - product);
  const auto low = L::fnma(n, L::set(C::kHalfPiLow), lost - product_lost);
  const Two<L> r = fast_two_sum<L>(high, low);
  return {L::bits(rounded), r};
}

// r + r^3 S(r^2), the low part with the factor cos r or nearly.
template <class L>
typename L::Value sin_of_reduced(Two<L> r) {
  const auto z = r.high * r.high;
  const auto half_z = L::set(0.5) * z;
  const auto cube = z * r.high;
  const auto low = L::fnma(half_z, r.low, r.low);
  return r.high + L::fma(cube, polynomial<L>(z, Constants<double>::kSin), low);
}

// 1 - z/2 + z^2 C(z) - r low, the first difference compensated.
template <class L>
typename L::Value cos_of_reduced(Two<L> r) {
  const auto one = L::set(1);
  const auto z = r.high * r.high;
  const auto z_lost = L::fms(r.high, r.high, z);
  const auto half = L::set(0.5);
  const auto half_z = half * z;
  const auto sum = one - half_z;
  const auto lost = (one - sum) - half_z;
  const auto small = L::fma(z * z, polynomial<L>(z, Constants<double>::kCos), L::fnma(half, z_lost, lost));
  return sum + L::fnma(r.high, r.low, small);
}

// sin(x + quadrants pi/2), f64.
template <class L>
typename L::Value sin_of_quadrant(typename L::Value x, typename L::Unsigned quadrants) {
  const ReducedAngle<L> angle = reduce_angle<L>(x);
  const auto quadrant = angle.n_bits + L::set_bits(quadrants);
  const auto odd = L::bits_less(L::template shift_left<63>(quadrant), L::set_bits(0));
  const auto sign = L::template shift_left<62>(quadrant) & L::bits(L::set(-0.0));
  const auto y = L::select(odd, cos_of_reduced<L>(angle.r), sin_of_reduced<L>(angle.r));
  const auto minus_y = L::negate(y);
  const auto signed_y = L::select(L::bits_less(sign, L::set_bits(0)), minus_y, y);
  const auto beyond = L::less(L::set(Constants<double>::kTrigLargest), L::abs(x));
  return L::select(beyond, L::set(std::numeric_limits<double>::quiet_NaN()), signed_y);
}

template <class L>
typename L::Value sin(typename L::Value x) {
  using T = typename L::Float;
  typename L::Value y;
  if constexpr (sizeof(T) == 4) {
    y = L::through_f64([](auto lanes, auto wide) { return sin_of_quadrant<decltype(lanes)>(wide, 0); }, x);
  } else {
    y = sin_of_quadrant<L>(x, 0);
  }
  // Small x as it is, so that the sign of zero and denormals stay.
  return L::select(L::less(L::abs(x), L::set(static_cast<T>(0x1p-30))), x, y);
}

template <class L>
typename L::Value cos(typename L::Value x) {
  if constexpr (sizeof(typename L::Float) == 4) {
    return L::through_f64([](auto lanes, auto wide) { return sin_of_quadrant<decltype(lanes)>(wide, 1); }, x);
  } else {
    return sin_of_quadrant<L>(x, 1);
  }
}

}  // namespace hillock::math::generic

// Canonical mathematics on Highway vectors: each lane gets the bits that core/math.h gives for the same number.
//
// The formulas are written once, in core/math_generic.h; this file only defines the operations on vectors. The fused
// multiply-add must be a single instruction: a target without it would round twice.
#pragma once

#include <hwy/highway.h>

#include "core/math_generic.h"
#include "core/math_power.h"
#include "core/math_trig.h"

#if HWY_ARCH_X86 && !defined(__FMA__)
#error "Hillock needs fused multiply-add; compile for x86-64-v3 or later"
#endif

namespace hillock::cpu {

namespace hn = hwy::HWY_NAMESPACE;

// Hides the origin of the mask from the compiler; math::Lane::select gives the reason.
template <class Mask>
HWY_INLINE Mask of_unknown_origin(Mask mask) {
#if defined(__GNUC__) && HWY_TARGET == HWY_AVX2
  asm("" : "+x"(mask.raw));
#endif
  return mask;
}

// The operations of math::Lane on all lanes of a vector. D is a Highway tag of float or double.
template <class D>
struct VectorLane {
  using Float = hn::TFromD<D>;
  using UnsignedTag = hn::RebindToUnsigned<D>;
  using SignedTag = hn::RebindToSigned<D>;
  using Unsigned = hn::TFromD<UnsignedTag>;
  using Value = hn::Vec<D>;
  using Bits = hn::Vec<UnsignedTag>;
  using Mask = hn::Mask<D>;

  static Value set(Float value) { return hn::Set(D(), value); }
  static Bits set_bits(Unsigned value) { return hn::Set(UnsignedTag(), value); }

  static Bits bits(Value x) { return hn::BitCast(UnsignedTag(), x); }
  static Value from_bits(Bits x) { return hn::BitCast(D(), x); }
  template <int kCount>
  static Bits shift_left(Bits x) {
    return hn::ShiftLeft<kCount>(x);
  }
  template <int kCount>
  static Bits shift_right(Bits x) {
    return hn::ShiftRight<kCount>(x);
  }

  static Value fma(Value x, Value y, Value z) { return hn::MulAdd(x, y, z); }
  static Value fnma(Value x, Value y, Value z) { return hn::NegMulAdd(x, y, z); }
  static Value fms(Value x, Value y, Value z) { return hn::MulSub(x, y, z); }
  static Value abs(Value x) { return hn::Abs(x); }
  static Value negate(Value x) { return hn::Neg(x); }
  static Value trunc(Value x) { return hn::Trunc(x); }
  static Value sqrt(Value x) { return hn::Sqrt(x); }

  static Mask less(Value x, Value y) { return hn::Lt(x, y); }
  static Mask equal(Value x, Value y) { return hn::Eq(x, y); }
  static Mask is_nan(Value x) { return hn::IsNaN(x); }
  static Mask bits_less(Bits x, Bits y) {
    return hn::RebindMask(D(), hn::Lt(hn::BitCast(SignedTag(), x), hn::BitCast(SignedTag(), y)));
  }
  static Mask bits_equal(Bits x, Bits y) { return hn::RebindMask(D(), hn::Eq(x, y)); }
  static Mask both(Mask x, Mask y) { return hn::And(x, y); }
  static Mask either(Mask x, Mask y) { return hn::Or(x, y); }
  static Mask but_not(Mask x, Mask y) { return hn::AndNot(y, x); }
  static Value select(Mask mask, Value yes, Value no) { return hn::IfThenElse(of_unknown_origin(mask), yes, no); }

  // Applies the function to the two halves of a vector of floats as vectors of doubles, one after the other.
  template <class Function, class... Values>
  static Value through_f64(Function function, Values... values) {
    using Half = hn::Half<D>;
    using Wide = hn::Rebind<double, Half>;
    using WideLane = VectorLane<Wide>;
    const auto low = function(WideLane{}, hn::PromoteTo(Wide(), hn::LowerHalf(Half(), values))...);
    const auto high = function(WideLane{}, hn::PromoteTo(Wide(), hn::UpperHalf(Half(), values))...);
    return hn::Combine(D(), hn::DemoteTo(Half(), high), hn::DemoteTo(Half(), low));
  }
};

}  // namespace hillock::cpu

// The reductions of core/reduction.h on vectors, bit for bit. For kernels only: includes Highway.
#pragma once

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/reduction.h"

namespace hillock::cpu {

namespace hn = hwy::HWY_NAMESPACE;

template <class V>
HWY_INLINE V combine(SumRule, V x, V y) {
  return hn::Add(x, y);
}
template <class V>
HWY_INLINE V combine(MaxRule, V x, V y) {
  return hn::IfThenElse(hn::Or(hn::Gt(y, x), hn::IsNaN(y)), y, x);
}

// The 16 lanes of a reduction as vectors of at most 16 elements.
template <class Rule, class T>
class Lanes {
 public:
  using D = hn::CappedTag<T, kReductionLanes>;
  static constexpr std::size_t kWidth = hn::MaxLanes(D());
  static constexpr std::size_t kVectors = kReductionLanes / kWidth;

  HWY_INLINE Lanes() {
    for (auto& vector : vectors_) vector = hn::Set(D(), Rule::template identity<T>());
  }
  // Takes the next 16 elements.
  template <class Load>
  HWY_INLINE void take(Load&& load) {
    for (std::size_t k = 0; k < kVectors; ++k) vectors_[k] = combine(Rule(), vectors_[k], load(k * kWidth));
  }
  HWY_INLINE T fold() const {
    alignas(64) std::array<T, kReductionLanes> lanes;
    for (std::size_t k = 0; k < kVectors; ++k) hn::Store(vectors_[k], D(), lanes.data() + k * kWidth);
    return fold_lanes<Rule>(lanes);
  }

 private:
  hn::Vec<D> vectors_[kVectors];
};

// The reduction of x[0, elements). Missing elements of the last 16 count as the identity, which changes no lane: a sum
// that starts from +0 is never -0.
template <class Rule, class T>
T reduce_contiguous(const T* HWY_RESTRICT x, std::int64_t elements) {
  const typename Lanes<Rule, T>::D d;
  T result = Rule::template identity<T>();
  for (std::int64_t begin = 0; begin < elements; begin += kReductionBlock) {
    const std::int64_t end = std::min(begin + kReductionBlock, elements);
    Lanes<Rule, T> lanes;
    std::int64_t index = begin;
    for (; index + kReductionLanes <= end; index += kReductionLanes) {
      lanes.take([&](std::size_t lane) { return hn::LoadU(d, x + index + lane); });
    }
    if (index < end) {
      alignas(64) std::array<T, kReductionLanes> rest;
      rest.fill(Rule::template identity<T>());
      std::copy(x + index, x + end, rest.begin());
      lanes.take([&](std::size_t lane) { return hn::Load(d, rest.data() + lane); });
    }
    const T block = lanes.fold();
    result = begin == 0 ? block : Rule::combine(result, block);
  }
  return result;
}

// out[c] = the reduction of x[r * stride + c] over r in [0, rows), for c in [0, columns). The lanes of a column are
// kept in 8 registers, taken in two passes over a block's rows, so that nothing is spilled where there are only 16
// registers.
template <class Rule, class T, class D>
HWY_INLINE void reduce_one_vector_of_columns(D d, const T* x, std::int64_t rows, std::int64_t stride, T* out) {
  using V = hn::Vec<D>;
  constexpr std::int64_t kHalf = kReductionLanes / 2;
  V result = hn::Set(d, Rule::template identity<T>());
  for (std::int64_t begin = 0; begin < rows; begin += kReductionBlock) {
    const std::int64_t end = std::min(begin + kReductionBlock, rows);
    V lanes[2][kHalf];
    for (std::int64_t half = 0; half < 2; ++half) {
      V sums[kHalf];
      for (auto& sum : sums) sum = hn::Set(d, Rule::template identity<T>());
      std::int64_t row = begin + half * kHalf;
      for (; row + kHalf <= end; row += kReductionLanes) {
        const T* at = x + row * stride;
        for (std::int64_t lane = 0; lane < kHalf; ++lane) {
          sums[lane] = combine(Rule(), sums[lane], hn::LoadU(d, at + lane * stride));
        }
      }
      for (std::int64_t lane = 0; lane < kHalf && row + lane < end; ++lane) {
        lanes[half][lane] = combine(Rule(), sums[lane], hn::LoadU(d, x + (row + lane) * stride));
        sums[lane] = lanes[half][lane];
      }
      for (std::int64_t lane = 0; lane < kHalf; ++lane) lanes[half][lane] = sums[lane];
    }
    for (std::int64_t lane = 0; lane < kHalf; ++lane) lanes[0][lane] = combine(Rule(), lanes[0][lane], lanes[1][lane]);
    for (std::int64_t half = kHalf / 2; half > 0; half /= 2) {
      for (std::int64_t lane = 0; lane < half; ++lane) {
        lanes[0][lane] = combine(Rule(), lanes[0][lane], lanes[0][lane + half]);
      }
    }
    result = begin == 0 ? lanes[0][0] : combine(Rule(), result, lanes[0][0]);
  }
  hn::StoreU(result, d, out);
}

template <class Rule, class T>
void reduce_columns(const T* x, std::int64_t rows, std::int64_t columns, std::int64_t stride, T* out) {
  const hn::ScalableTag<T> d;
  const std::int64_t width = static_cast<std::int64_t>(hn::Lanes(d));
  if (columns < width) {
    const hn::CappedTag<T, 1> one;
    for (std::int64_t column = 0; column < columns; ++column) {
      reduce_one_vector_of_columns<Rule>(one, x + column, rows, stride, out + column);
    }
    return;
  }
  // The last vector may overlap the one before it and then writes the same values again.
  for (std::int64_t column = 0; column < columns; column += width) {
    const std::int64_t first = std::min(column, columns - width);
    reduce_one_vector_of_columns<Rule>(d, x + first, rows, stride, out + first);
  }
}

}  // namespace hillock::cpu

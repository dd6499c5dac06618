// The reductions of core/reduction.h on vectors, bit for bit. For kernels only: includes Highway.
#pragma once

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/reduction.h"
#include "cpu/vector_math.h"

namespace hillock::cpu {

namespace hn = hwy::HWY_NAMESPACE;

template <class V>
HWY_INLINE V combine(SumRule, V x, V y) {
  return hn::Add(x, y);
}
template <class V>
HWY_INLINE V combine(MaxRule, V x, V y) {
  return hn::IfThenElse(of_unknown_origin(hn::Or(hn::Gt(y, x), hn::IsNaN(y))), y, x);
}

// The first `count` lanes from memory that may end there; the others are `rest`.
template <class D, class T>
HWY_INLINE hn::Vec<D> load_first(D d, const T* from, std::size_t count, T rest) {
#if HWY_ARCH_X86
  const auto mask = hn::FirstN(d, count);
  return hn::IfThenElse(mask, hn::MaskedLoad(mask, d, from), hn::Set(d, rest));
#else  // elsewhere a masked load may touch memory past the end
  alignas(64) T buffer[hn::MaxLanes(D())];
  std::fill(std::copy_n(from, count, buffer), buffer + hn::MaxLanes(d), rest);
  return hn::Load(d, buffer);
#endif
}

// Lane l takes lane l + half, for ever smaller halves, until one is left.
template <class Rule, class D>
HWY_INLINE hn::TFromD<D> fold_vector(D, hn::Vec<D> vector) {
  if constexpr (hn::MaxLanes(D()) == 1) {
    return hn::GetLane(vector);
  } else {
    const hn::Half<D> half;
    return fold_vector<Rule>(half, combine(Rule(), hn::LowerHalf(half, vector), hn::UpperHalf(half, vector)));
  }
}

// The 16 lanes of a block as vectors of at most 16 elements.
template <class Rule, class T>
class Lanes {
 public:
  using D = hn::CappedTag<T, kReductionLanes>;
  static constexpr std::size_t kWidth = hn::MaxLanes(D());
  static constexpr std::size_t kVectors = kReductionLanes / kWidth;

  HWY_INLINE Lanes() {
    for (auto& vector : vectors_) vector = hn::Set(D(), Rule::template identity<T>());
  }
  HWY_INLINE void take_16(const T* from) {
    for (std::size_t k = 0; k < kVectors; ++k) {
      vectors_[k] = combine(Rule(), vectors_[k], hn::LoadU(D(), from + k * kWidth));
    }
  }
  // The last elements of a block, 1 to 15. Missing ones count as the identity, which changes no lane: a sum that starts
  // from +0 is never -0.
  HWY_INLINE void take_last(const T* from, std::size_t count) {
    for (std::size_t k = 0; k * kWidth < count; ++k) {
      const std::size_t here = std::min(count - k * kWidth, kWidth);
      const auto last = load_first(D(), from + k * kWidth, here, Rule::template identity<T>());
      vectors_[k] = combine(Rule(), vectors_[k], last);
    }
  }
  HWY_INLINE T fold() {
    for (std::size_t half = kVectors / 2; half > 0; half /= 2) {
      for (std::size_t k = 0; k < half; ++k) vectors_[k] = combine(Rule(), vectors_[k], vectors_[k + half]);
    }
    return fold_vector<Rule>(D(), vectors_[0]);
  }

 private:
  hn::Vec<D> vectors_[kVectors];
};

// The reduction of x[0, elements).
template <class Rule, class T>
HWY_INLINE T reduce_contiguous(const T* x, std::int64_t elements) {
  T result = Rule::template identity<T>();
  for (std::int64_t begin = 0; begin < elements; begin += kReductionBlock) {
    const std::int64_t end = std::min(begin + kReductionBlock, elements);
    Lanes<Rule, T> lanes;
    std::int64_t index = begin;
    for (; index + kReductionLanes <= end; index += kReductionLanes) lanes.take_16(x + index);
    if (index < end) lanes.take_last(x + index, static_cast<std::size_t>(end - index));
    const T block = lanes.fold();
    result = begin == 0 ? block : Rule::combine(result, block);
  }
  return result;
}

// Columns reduced together: their lanes take 4 to 8 KiB, and a row's part is whole cache lines.
inline constexpr std::int64_t kReductionColumns = 64;

// x[k] = combine(x[k], y[k]) for k in [0, count).
template <class Rule, class T>
HWY_INLINE void combine_rows(T* HWY_RESTRICT x, const T* HWY_RESTRICT y, std::int64_t count) {
  const hn::ScalableTag<T> d;
  const std::int64_t width = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t k = 0;
  for (; k + width <= count; k += width) {
    hn::StoreU(combine(Rule(), hn::LoadU(d, x + k), hn::LoadU(d, y + k)), d, x + k);
  }
  for (; k < count; ++k) x[k] = Rule::combine(x[k], y[k]);
}

// out[c] = the reduction of x[r * stride + c] over r in [0, rows), for c in [0, columns), columns <= kReductionColumns.
// The lanes of all columns lie in memory that stays in the first-level cache while the rows stream past once.
template <class Rule, class T>
void reduce_column_block(const T* x, std::int64_t rows, std::int64_t columns, std::int64_t stride, T* out) {
  alignas(64) T lanes[kReductionLanes * kReductionColumns];
  std::fill_n(out, columns, Rule::template identity<T>());
  for (std::int64_t begin = 0; begin < rows; begin += kReductionBlock) {
    const std::int64_t end = std::min(begin + kReductionBlock, rows);
    std::fill(std::begin(lanes), std::end(lanes), Rule::template identity<T>());
    for (std::int64_t row = begin; row < end; ++row) {
      combine_rows<Rule>(lanes + (row - begin) % kReductionLanes * kReductionColumns, x + row * stride, columns);
    }
    for (std::int64_t half = kReductionLanes / 2; half > 0; half /= 2) {
      for (std::int64_t lane = 0; lane < half; ++lane) {
        combine_rows<Rule>(lanes + lane * kReductionColumns, lanes + (lane + half) * kReductionColumns, columns);
      }
    }
    if (begin == 0) {
      std::copy_n(lanes, columns, out);
    } else {
      combine_rows<Rule>(out, lanes, columns);
    }
  }
}

template <class Rule, class T>
void reduce_columns(const T* x, std::int64_t rows, std::int64_t columns, std::int64_t stride, T* out) {
  for (std::int64_t column = 0; column < columns; column += kReductionColumns) {
    reduce_column_block<Rule>(x + column, rows, std::min(kReductionColumns, columns - column), stride, out + column);
  }
}

}  // namespace hillock::cpu

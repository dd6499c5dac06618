// The reductions of core/reduction.h on vectors, with the same bits. For kernels only: includes Highway.
#pragma once

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/reduction.h"
#include "cpu/partial_vector-inl.h"
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

// Lane l takes lane l + half, for smaller and smaller halves, until one is left.
template <class Rule, class D>
HWY_INLINE hn::TFromD<D> fold_vector(D, hn::Vec<D> vector) {
  if constexpr (hn::MaxLanes(D()) == 1) {
    return hn::GetLane(vector);
  } else {
    const hn::Half<D> half;
    return fold_vector<Rule>(half, combine(Rule(), hn::LowerHalf(half, vector), hn::UpperHalf(half, vector)));
  }
}

// The 16 lanes of a block, as vectors of at most 16 elements.
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
  // Adds one vector of a block. Lanes without an element must hold the identity.
  HWY_INLINE void take_vector(std::size_t k, hn::Vec<D> vector) { vectors_[k] = combine(Rule(), vectors_[k], vector); }
  // Adds the last elements of a block, 1 to 15. Missing ones count as the identity, which changes no lane: a sum that
  // starts from +0 is never -0.
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

// A row of 1 to 16 elements as the vectors of a reduction's block.
template <class T>
class ShortRow {
 public:
  using D = typename Lanes<SumRule, T>::D;
  using V = hn::Vec<D>;
  static constexpr std::size_t kVectors = Lanes<SumRule, T>::kVectors;
  static constexpr std::size_t kWidth = Lanes<SumRule, T>::kWidth;

  HWY_INLINE explicit ShortRow(std::int64_t elements) {
    const std::size_t count = static_cast<std::size_t>(elements);
    for (std::size_t k = 0; k < kVectors; ++k) {
      counts_[k] = std::min(count - std::min(count, k * kWidth), kWidth);
      masks_[k] = hn::FirstN(D(), counts_[k]);
    }
  }
  // Vector k of the row; missing elements are zero.
  HWY_INLINE V load(const T* row, std::size_t k) const {
    return load_masked(masks_[k], D(), row + k * kWidth, counts_[k]);
  }
  HWY_INLINE void store(V vector, T* row, std::size_t k) const {
    if (counts_[k] > 0) store_first(D(), vector, row + k * kWidth, counts_[k]);
  }
  // Elements beyond the row may have any value.
  template <class Rule>
  HWY_INLINE T reduce(const V (&vectors)[kVectors]) const {
    Lanes<Rule, T> lanes;
    for (std::size_t k = 0; k < kVectors; ++k) {
      lanes.take_vector(k, hn::IfThenElse(masks_[k], vectors[k], hn::Set(D(), Rule::template identity<T>())));
    }
    return lanes.fold();
  }
  template <class Rule>
  HWY_INLINE T reduce(const T* row) const {
    V vectors[kVectors];
    for (std::size_t k = 0; k < kVectors; ++k) vectors[k] = load(row, k);
    return reduce<Rule>(vectors);
  }

 private:
  std::size_t counts_[kVectors];
  hn::Mask<D> masks_[kVectors];
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

// The columns that are reduced together: their lanes take 4 to 8 KiB, and a row's elements are whole cache lines.
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
// The lanes of all columns stay in the first-level cache while the rows are read once.
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

// The reduction of one vector each of `kRows` rows, at most half the lanes. Lanes without a row are left out: they hold
// the identity, which changes no other lane.
template <class Rule, std::int64_t kRows, class D, class Load>
HWY_INLINE hn::Vec<D> reduce_rows(D d, Load&& load) {
  const auto identity = hn::Set(d, Rule::template identity<hn::TFromD<D>>());
  hn::Vec<D> lanes[kRows];
  for (std::int64_t row = 0; row < kRows; ++row) lanes[row] = combine(Rule(), identity, load(row));
  for (std::int64_t half = kReductionLanes / 4; half > 0; half /= 2) {
    for (std::int64_t k = 0; k < half && k + half < kRows; ++k) lanes[k] = combine(Rule(), lanes[k], lanes[k + half]);
  }
  return lanes[0];
}

// The reduction of one vector of columns, read by `load(row)`, with eight lanes in registers at a time.
template <class Rule, class D, class Load>
HWY_INLINE hn::Vec<D> reduce_column_vector(D d, std::int64_t rows, Load&& load) {
  using V = hn::Vec<D>;
  constexpr std::int64_t kHalf = kReductionLanes / 2;
  static_assert(kHalf == 8);
  switch (rows) {
    case 1: return reduce_rows<Rule, 1>(d, load);
    case 2: return reduce_rows<Rule, 2>(d, load);
    case 3: return reduce_rows<Rule, 3>(d, load);
    case 4: return reduce_rows<Rule, 4>(d, load);
    case 5: return reduce_rows<Rule, 5>(d, load);
    case 6: return reduce_rows<Rule, 6>(d, load);
    case 7: return reduce_rows<Rule, 7>(d, load);
    case 8: return reduce_rows<Rule, 8>(d, load);
    default: break;
  }
  const V identity = hn::Set(d, Rule::template identity<hn::TFromD<D>>());
  const auto half_of_lanes = [&](std::int64_t begin, std::int64_t end, V(&lanes)[kHalf]) HWY_ATTR {
    for (V& lane : lanes) lane = identity;
    std::int64_t row = begin;
    for (; row + kHalf <= end; row += kReductionLanes) {
      for (std::int64_t k = 0; k < kHalf; ++k) lanes[k] = combine(Rule(), lanes[k], load(row + k));
    }
    for (std::int64_t k = 0; row + k < end; ++k) lanes[k] = combine(Rule(), lanes[k], load(row + k));
  };
  V result = identity;
  for (std::int64_t begin = 0; begin < rows; begin += kReductionBlock) {
    const std::int64_t end = std::min(begin + kReductionBlock, rows);
    V low[kHalf];
    half_of_lanes(begin, end, low);
    if (end - begin > kHalf) {  // otherwise the others hold the identity, which changes nothing
      V high[kHalf];
      half_of_lanes(begin + kHalf, end, high);
      for (std::int64_t k = 0; k < kHalf; ++k) low[k] = combine(Rule(), low[k], high[k]);
    }
    for (std::int64_t half = kHalf / 2; half > 0; half /= 2) {
      for (std::int64_t k = 0; k < half; ++k) low[k] = combine(Rule(), low[k], low[k + half]);
    }
    result = begin == 0 ? low[0] : combine(Rule(), result, low[0]);
  }
  return result;
}

// The same as reduce_columns, for operands that stay in the first-level cache.
template <class Rule, class T>
void reduce_few_columns(const T* x, std::int64_t rows, std::int64_t columns, std::int64_t stride, T* out) {
  const hn::ScalableTag<T> d;
  constexpr std::int64_t kWidth = static_cast<std::int64_t>(hn::MaxLanes(d));
  std::int64_t column = 0;
  for (; column + kWidth <= columns; column += kWidth) {
    const auto load = [&](std::int64_t row) HWY_ATTR { return hn::LoadU(d, x + row * stride + column); };
    hn::StoreU(reduce_column_vector<Rule>(d, rows, load), d, out + column);
  }
  if (column < columns) {
    const std::size_t count = static_cast<std::size_t>(columns - column);
    const auto mask = hn::FirstN(d, count);
    const auto load = [&](std::int64_t row) HWY_ATTR { return load_masked(mask, d, x + row * stride + column, count); };
    store_first(d, reduce_column_vector<Rule>(d, rows, load), out + column, count);
  }
}

template <class Rule, class T>
void reduce_columns(const T* x, std::int64_t rows, std::int64_t columns, std::int64_t stride, T* out) {
  constexpr std::int64_t kFewBytes = 16 * 1024;
  if (rows * stride * static_cast<std::int64_t>(sizeof(T)) <= kFewBytes) {
    return reduce_few_columns<Rule>(x, rows, columns, stride, out);
  }
  for (std::int64_t column = 0; column < columns; column += kReductionColumns) {
    reduce_column_block<Rule>(x + column, rows, std::min(kReductionColumns, columns - column), stride, out + column);
  }
}

}  // namespace hillock::cpu

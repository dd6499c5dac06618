// The order in which a reduction combines its elements, as plain loops: the definition that every kernel reproduces.
//
// The n elements are numbered in row-major order and cut into blocks of 4096. Within a block, lane l of 16 takes
// elements l, l + 16, … in ascending order, starting from the identity; then lane l takes lane l + 8, then l + 4, l +
// 2, l + 1. The blocks' results are combined in ascending order. Sixteen lanes fill one AVX-512 vector of f32, two of
// AVX2 or four of NEON.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/lane.h"

namespace hillock {

inline constexpr std::int64_t kReductionLanes = 16;
inline constexpr std::int64_t kReductionBlock = 4096;

struct SumRule {
  template <class T>
  static constexpr T identity() {
    return T{0};
  }
  template <class T>
  static T combine(T x, T y) {
    return x + y;
  }
};

// NaN wins. Of two equal values the first is kept, which matters for zeros of different sign.
struct MaxRule {
  template <class T>
  static constexpr T identity() {
    return -std::numeric_limits<T>::infinity();
  }
  template <class T>
  static T combine(T x, T y) {
    return math::Lane<T>::select(y > x || std::isnan(y), y, x);
  }
};

// The last step of a block: combines 16 lanes to one value.
template <class Rule, class T>
T fold_lanes(std::array<T, kReductionLanes>& lanes) {
  for (std::size_t half = kReductionLanes / 2; half > 0; half /= 2) {
    for (std::size_t lane = 0; lane < half; ++lane) lanes[lane] = Rule::combine(lanes[lane], lanes[lane + half]);
  }
  return lanes[0];
}

// Combines at(0), …, at(elements - 1). Gives the identity if there are no elements.
template <class Rule, class T, class At>
T reduce_elements(std::int64_t elements, At&& at) {
  T result = Rule::template identity<T>();
  for (std::int64_t begin = 0; begin < elements; begin += kReductionBlock) {
    const std::int64_t end = std::min(begin + kReductionBlock, elements);
    std::array<T, kReductionLanes> lanes;
    lanes.fill(Rule::template identity<T>());
    for (std::int64_t index = begin; index < end; ++index) {
      T& lane = lanes[static_cast<std::size_t>((index - begin) % kReductionLanes)];
      lane = Rule::combine(lane, static_cast<T>(at(index)));
    }
    const T block = fold_lanes<Rule>(lanes);
    result = begin == 0 ? block : Rule::combine(result, block);
  }
  return result;
}

}  // namespace hillock

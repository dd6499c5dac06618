// The reduction of core/reduction.h over elements that arrive in pieces. The bits do not depend on how they are cut.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/reduction.h"

namespace hillock {

template <class Rule, class T>
class RunningReduction {
 public:
  RunningReduction() { lanes_.fill(Rule::template identity<T>()); }

  void add(std::span<const T> values) {
    if (count_ == 0 && !values.empty()) first_ = values[0];
    std::size_t k = 0;
    while (k < values.size()) {
      const std::int64_t inside = count_ % kReductionBlock;
      const std::int64_t lane = inside % kReductionLanes;
      const auto left = static_cast<std::int64_t>(values.size() - k);
      if (lane == 0 && left >= kReductionLanes) {
        for (std::size_t l = 0; l < lanes_.size(); ++l) lanes_[l] = Rule::combine(lanes_[l], values[k + l]);
        advance(kReductionLanes);
        k += lanes_.size();
      } else {
        T& into = lanes_[static_cast<std::size_t>(lane)];
        into = Rule::combine(into, values[k]);
        advance(1);
        ++k;
      }
    }
  }

  std::int64_t count() const { return count_; }
  // The result for one element is that element; for none it is the identity.
  T result() const {
    if (count_ == 1) return first_;
    if (count_ % kReductionBlock == 0 && count_ > 0) return blocks_;
    std::array<T, kReductionLanes> lanes = lanes_;
    return with_block(fold_lanes<Rule>(lanes));
  }

 private:
  T with_block(T block) const { return any_blocks_ ? Rule::combine(blocks_, block) : block; }
  void advance(std::int64_t elements) {
    count_ += elements;
    if (count_ % kReductionBlock != 0) return;
    blocks_ = with_block(fold_lanes<Rule>(lanes_));
    any_blocks_ = true;
    lanes_.fill(Rule::template identity<T>());
  }

  std::array<T, kReductionLanes> lanes_{};  // of the block that is being filled
  T blocks_{}, first_{};                    // the result of the full blocks; the first element
  bool any_blocks_ = false;
  std::int64_t count_ = 0;
};

}  // namespace hillock

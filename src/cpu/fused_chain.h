// Makes both the kernel and the description of a fused chain from one expression. For kernels only: includes Highway.
//
// The expression is a function object that is called with `ops` and the leaves. ops(rule, element, operands…) applies a
// pointwise op: to vectors, which computes, or to the numbers of a FusedRecorder, which records the chain.
#pragma once

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

#include "cpu/partial_vector-inl.h"
#include "cpu/vector_math.h"
#include "ir/fused_chain.h"

namespace hillock::cpu {

// A pointwise op as an expression uses it.
template <class Element>
struct FusedOp {
  const Op& (*op)();
  Element element;
};
template <class Element>
FusedOp(const Op& (*)(), Element) -> FusedOp<Element>;  // clang 14 does not find it by itself

template <class D>
struct FusedCompute {
  template <class Element, class... V>
  HWY_INLINE auto operator()(const FusedOp<Element>& op, V... operands) const {
    return op.element(VectorLane<D>{}, operands...);
  }
};

// Stands in for `ops` and records the chain. Values are numbers as in FusedChain::Instruction::in.
class FusedRecorder {
 public:
  explicit FusedRecorder(FusedChain& chain) : chain_(chain) {}
  template <class Element, class... V>
  std::int16_t operator()(const FusedOp<Element>& op, V... operands) const {
    chain_.instructions.push_back({&op.op(), {operands...}});
    return static_cast<std::int16_t>(chain_.instructions.size() - 1);
  }

 private:
  FusedChain& chain_;
};

// Whether a leaf gives the same vector all along a row. If rows are so short that a vector holds several of them, all
// are processed as one long row, and a row leaf is a vector that repeats the row.
template <bool kShortRows>
constexpr bool is_same_in_a_row(LeafKind kind) {
  return kind == LeafKind::one || (kShortRows && kind == LeafKind::row);
}

template <LeafKind kKind, bool kShortRows, class D, class T>
HWY_INLINE hn::Vec<D> row_constant(D d, const T* leaf, [[maybe_unused]] std::size_t row_elements) {
  if constexpr (kKind == LeafKind::one) return hn::Set(d, *leaf);
  if constexpr (kKind == LeafKind::row && kShortRows) {
    alignas(64) T repeated[hn::MaxLanes(d)];
    for (std::size_t lane = 0; lane < hn::MaxLanes(d); ++lane) repeated[lane] = leaf[lane & (row_elements - 1)];
    return hn::Load(d, repeated);
  }
  return hn::Zero(d);
}

// Computes one row of `columns` elements. With kShortRows it consists of several rows of `row_elements` each.
template <class T, class Expression, bool kShortRows, LeafKind... kKinds, std::size_t... kLeaf>
HWY_INLINE void run_fused_row(const FusedCall& call, std::int64_t row, std::size_t columns, std::size_t row_elements,
                              std::index_sequence<kLeaf...>) {
  using D = hn::ScalableTag<T>;
  using V = hn::Vec<D>;
  const D d;
  constexpr std::size_t kLanes = hn::MaxLanes(D());
  const std::size_t first = static_cast<std::size_t>(row) * columns;
  const std::tuple<decltype((void)kLeaf, V())...> same{
      row_constant<kKinds, kShortRows>(d, static_cast<const T*>(call.leaves[kLeaf]), row_elements)...};
  const T* const starts[] = {static_cast<const T*>(call.leaves[kLeaf]) + (kKinds == LeafKind::dense ? first : 0)...};

  T* outputs[std::tuple_size_v<decltype(Expression{}(FusedCompute<D>{}, (void(kLeaf), V())...))>];
  for (std::size_t k = 0; k < std::size(outputs); ++k) outputs[k] = static_cast<T*>(call.outputs[k]) + first;

  const auto operand = [&]<LeafKind kKind, std::size_t kIndex>(std::size_t column) HWY_ATTR {
    if constexpr (is_same_in_a_row<kShortRows>(kKind)) {
      return std::get<kIndex>(same);
    } else {
      return hn::LoadU(d, starts[kIndex] + column);
    }
  };
  const auto last_operand = [&]<LeafKind kKind, std::size_t kIndex>(std::size_t column, std::size_t count) HWY_ATTR {
    if constexpr (is_same_in_a_row<kShortRows>(kKind)) {
      return std::get<kIndex>(same);
    } else {
      return load_first(d, starts[kIndex] + column, count, T{0});
    }
  };
  const auto evaluate = [&](std::size_t column) HWY_ATTR {
    return Expression{}(FusedCompute<D>{}, operand.template operator()<kKinds, kLeaf>(column)...);
  };
  const auto store = [&]<class... Results>(const std::tuple<Results...>& results, std::size_t column) HWY_ATTR {
    [&]<std::size_t... kOutput>(std::index_sequence<kOutput...>) HWY_ATTR {
      (hn::StoreU(std::get<kOutput>(results), d, outputs[kOutput] + column), ...);
    }
    (std::index_sequence_for<Results...>());
  };
  const auto store_last = [&]<class... Results>(const std::tuple<Results...>& results, std::size_t column,
                                                std::size_t count) HWY_ATTR {
    [&]<std::size_t... kOutput>(std::index_sequence<kOutput...>) HWY_ATTR {
      (store_first(d, std::get<kOutput>(results), outputs[kOutput] + column, count), ...);
    }
    (std::index_sequence_for<Results...>());
  };

  std::size_t column = 0;
  for (; column + 2 * kLanes <= columns; column += 2 * kLanes) {
    const auto results = evaluate(column);
    const auto next = evaluate(column + kLanes);
    store(results, column);
    store(next, column + kLanes);
  }
  if (column + kLanes <= columns) {
    store(evaluate(column), column);
    column += kLanes;
  }
  if (const std::size_t rest = columns - column; rest > 0) {
    store_last(Expression{}(FusedCompute<D>{}, last_operand.template operator()<kKinds, kLeaf>(column, rest)...),
               column, rest);
  }
}

// Rows that do not fill whole vectors are processed several at a time as one long row that does. Leaves that are the
// same in every row are repeated along it.
inline constexpr std::size_t kLongestRepeated = 512;  // elements

template <class T, class Expression, LeafKind... kKinds>
void run_fused_repeated(const FusedCall& call, std::size_t columns, std::int64_t rows_together) {
  constexpr std::size_t kLeaves = sizeof...(kKinds);
  constexpr std::array<LeafKind, kLeaves> kinds{kKinds...};
  constexpr std::size_t kRepeated = (std::size_t{kKinds == LeafKind::row} + ...);
  T repeated[kRepeated][kLongestRepeated];
  const void* leaves[kLeaves];
  std::size_t next = 0;
  for (std::size_t k = 0; k < kLeaves; ++k) {
    leaves[k] = call.leaves[k];
    if (kinds[k] != LeafKind::row) continue;
    T* to = repeated[next++];
    leaves[k] = to;
    for (std::int64_t row = 0; row < rows_together; ++row) {
      to = std::copy_n(static_cast<const T*>(call.leaves[k]), columns, to);
    }
  }
  const FusedCall together{.leaves = leaves,
                           .outputs = call.outputs,
                           .rows = call.rows / rows_together,
                           .columns = call.columns * rows_together};
  constexpr auto kIndices = std::make_index_sequence<kLeaves>();
  const std::size_t long_columns = static_cast<std::size_t>(together.columns);
  for (std::int64_t row = 0; row < together.rows; ++row) {
    run_fused_row<T, Expression, false, kKinds...>(together, row, long_columns, long_columns, kIndices);
  }
  for (std::int64_t row = together.rows * rows_together; row < call.rows; ++row) {
    run_fused_row<T, Expression, false, kKinds...>(call, row, columns, columns, kIndices);
  }
}

template <class T, class Expression, LeafKind... kKinds>
void run_fused(const FusedCall& call) {
  constexpr auto kLeaves = std::make_index_sequence<sizeof...(kKinds)>();
  constexpr std::size_t kLanes = hn::MaxLanes(hn::ScalableTag<T>());
  const std::size_t columns = static_cast<std::size_t>(call.columns);
  if constexpr (((kKinds == LeafKind::row) || ...)) {
    if (std::has_single_bit(columns) && columns < kLanes) {
      const std::size_t elements = static_cast<std::size_t>(call.rows) * columns;
      return run_fused_row<T, Expression, true, kKinds...>(call, 0, elements, columns, kLeaves);
    }
    // The repetition costs as much as some rows, so it must serve enough of them.
    const auto rows_together = static_cast<std::int64_t>(kLanes / std::gcd(columns, kLanes));
    if (rows_together > 1 && columns * kLanes <= kLongestRepeated && call.rows >= 4 * rows_together) {
      return run_fused_repeated<T, Expression, kKinds...>(call, columns, rows_together);
    }
  }
  for (std::int64_t row = 0; row < call.rows; ++row) {
    run_fused_row<T, Expression, false, kKinds...>(call, row, columns, columns, kLeaves);
  }
}

template <class T, class Expression, LeafKind... kKinds>
FusedChain describe_fused(std::string_view name) {
  FusedChain chain{.name = name,
                   .element_bytes = sizeof(T),
                   .leaves = {kKinds...},
                   .instructions = {},
                   .outputs = {},
                   .run = &run_fused<T, Expression, kKinds...>};
  const auto outputs = [&]<std::size_t... kLeaf>(std::index_sequence<kLeaf...>) {
    return Expression{}(FusedRecorder(chain), static_cast<std::int16_t>(-1 - static_cast<int>(kLeaf))...);
  }
  (std::make_index_sequence<sizeof...(kKinds)>());
  std::apply([&](auto... output) { chain.outputs = {output...}; }, outputs);
  return chain;
}

// The chain for f64.
template <class Expression, LeafKind... kKinds>
void add_fused_f64(std::vector<FusedChain>& chains, std::string_view name) {
  chains.push_back(describe_fused<double, Expression, kKinds...>(name));
}

// The chain for f32 and for f64.
template <class Expression, LeafKind... kKinds>
void add_fused(std::vector<FusedChain>& chains, std::string_view name) {
  chains.push_back(describe_fused<float, Expression, kKinds...>(name));
  add_fused_f64<Expression, kKinds...>(chains, name);
}

}  // namespace hillock::cpu

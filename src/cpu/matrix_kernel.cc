// The matrix micro-kernels and packers on Highway vectors.
//
// With 16 registers a strip of 6 rows by 2 vectors keeps 12 sums, 2 vectors of b and 1 element of a: nothing is spilled
// as long as the function stays out of line (g++ 12 spills the sums when it is inlined next to other code).
#include "cpu/matrix_kernel.h"

#include <hwy/highway.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace hillock::cpu {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

template <class T>
constexpr std::int64_t kVectorColumns = static_cast<std::int64_t>(hn::MaxLanes(hn::ScalableTag<T>()));
template <class T>
constexpr std::int64_t kPanelColumns = 2 * kVectorColumns<T>;

template <class T, std::size_t... kRow>
HWY_NOINLINE void multiply_rows(const Strip<T>& strip, std::index_sequence<kRow...>) {
  const hn::ScalableTag<T> d;
  using V = hn::Vec<decltype(d)>;
  constexpr std::int64_t kVector = kVectorColumns<T>;
  constexpr std::int64_t kPanel = kPanelColumns<T>;
  constexpr std::size_t kRows = sizeof...(kRow);

  const bool whole = strip.columns == kPanel;
  alignas(64) T part[kRows * kPanel];  // stands in for c where the panel is only partly stored
  T* c = whole ? strip.c : part;
  const std::int64_t c_row = whole ? strip.c_row : kPanel;
  const std::size_t part_bytes = static_cast<std::size_t>(strip.columns) * sizeof(T);
  if (!whole && strip.mode != StripMode::overwrite) {
    (std::memcpy(part + kRow * kPanel, strip.c + static_cast<std::int64_t>(kRow) * strip.c_row, part_bytes), ...);
  }

  V sums[kRows][2];
  if (strip.mode == StripMode::go_on) {
    ((sums[kRow][0] = hn::LoadU(d, c + static_cast<std::int64_t>(kRow) * c_row),
      sums[kRow][1] = hn::LoadU(d, c + static_cast<std::int64_t>(kRow) * c_row + kVector)),
     ...);
  } else {
    ((sums[kRow][0] = hn::Zero(d), sums[kRow][1] = hn::Zero(d)), ...);
  }

  const T* const a[kRows] = {strip.a + static_cast<std::int64_t>(kRow) * strip.a_row...};
  const T* b = strip.b;
  const std::int64_t b_k = strip.b_k;
  const std::int64_t a_k = strip.a_k;
  std::int64_t at = 0;
  for (std::int64_t k = strip.depth; k > 0; --k) {
    const V b0 = hn::LoadU(d, b);
    const V b1 = hn::LoadU(d, b + kVector);
    const auto row = [&](T element, V(&sum)[2]) HWY_ATTR {
      const V x = hn::Set(d, element);
      sum[0] = hn::MulAdd(x, b0, sum[0]);
      sum[1] = hn::MulAdd(x, b1, sum[1]);
    };
    (row(a[kRow][at], sums[kRow]), ...);
    at += a_k;
    b += b_k;
  }

  const auto store = [&](V sum, T* to) HWY_ATTR {
    hn::StoreU(strip.mode == StripMode::accumulate ? hn::Add(hn::LoadU(d, to), sum) : sum, d, to);
  };
  ((store(sums[kRow][0], c + static_cast<std::int64_t>(kRow) * c_row),
    store(sums[kRow][1], c + static_cast<std::int64_t>(kRow) * c_row + kVector)),
   ...);
  if (!whole) {
    (std::memcpy(strip.c + static_cast<std::int64_t>(kRow) * strip.c_row, part + kRow * kPanel, part_bytes), ...);
  }
}

template <class T, std::size_t kRows>
void multiply(const Strip<T>& strip) {
  multiply_rows<T>(strip, std::make_index_sequence<kRows>());
}

template <class T>
void pack_panel(const T* b, std::int64_t b_k, std::int64_t depth, std::int64_t columns, T* panel) {
  const hn::ScalableTag<T> d;
  constexpr std::int64_t kPanel = kPanelColumns<T>;
  if (columns == kPanel) {
    for (std::int64_t k = 0; k < depth; ++k) {
      const auto b0 = hn::LoadU(d, b + k * b_k);
      const auto b1 = hn::LoadU(d, b + k * b_k + kVectorColumns<T>);
      hn::Store(b0, d, panel + k * kPanel);
      hn::Store(b1, d, panel + k * kPanel + kVectorColumns<T>);
    }
    return;
  }
  for (std::int64_t k = 0; k < depth; ++k) {
    T* to = panel + k * kPanel;
    std::fill(std::copy(b + k * b_k, b + k * b_k + columns, to), to + kPanel, T{0});
  }
}

// Transposes a block of 16 bytes by as many rows: 4x4 f32 or 2x2 f64.
HWY_INLINE void transpose_block(const float* from, std::int64_t row, float* to, std::int64_t to_row) {
  const hn::FixedTag<float, 4> d;
  const auto r0 = hn::LoadU(d, from);
  const auto r1 = hn::LoadU(d, from + row);
  const auto r2 = hn::LoadU(d, from + 2 * row);
  const auto r3 = hn::LoadU(d, from + 3 * row);
  const auto low01 = hn::InterleaveLower(d, r0, r1);  // 00 10 01 11
  const auto low23 = hn::InterleaveLower(d, r2, r3);
  const auto high01 = hn::InterleaveUpper(d, r0, r1);  // 02 12 03 13
  const auto high23 = hn::InterleaveUpper(d, r2, r3);
  hn::Store(hn::ConcatLowerLower(d, low23, low01), d, to);
  hn::Store(hn::ConcatUpperUpper(d, low23, low01), d, to + to_row);
  hn::Store(hn::ConcatLowerLower(d, high23, high01), d, to + 2 * to_row);
  hn::Store(hn::ConcatUpperUpper(d, high23, high01), d, to + 3 * to_row);
}
HWY_INLINE void transpose_block(const double* from, std::int64_t row, double* to, std::int64_t to_row) {
  const hn::FixedTag<double, 2> d;
  const auto r0 = hn::LoadU(d, from);
  const auto r1 = hn::LoadU(d, from + row);
  hn::Store(hn::InterleaveLower(d, r0, r1), d, to);
  hn::Store(hn::InterleaveUpper(d, r0, r1), d, to + to_row);
}

template <class T>
void pack_transposed_panel(const T* b, std::int64_t b_column, std::int64_t depth, std::int64_t columns, T* panel) {
  constexpr std::int64_t kPanel = kPanelColumns<T>;
  constexpr std::int64_t kBlock = 16 / static_cast<std::int64_t>(sizeof(T));
  const std::int64_t block_columns = columns - columns % kBlock;
  const std::int64_t block_depth = depth - depth % kBlock;
  for (std::int64_t k = 0; k < block_depth; k += kBlock) {
    for (std::int64_t column = 0; column < block_columns; column += kBlock) {
      transpose_block(b + column * b_column + k, b_column, panel + k * kPanel + column, kPanel);
    }
  }
  for (std::int64_t k = block_depth; k < depth; ++k) {
    for (std::int64_t column = 0; column < block_columns; ++column) {
      panel[k * kPanel + column] = b[column * b_column + k];
    }
  }
  for (std::int64_t column = block_columns; column < columns; ++column) {
    for (std::int64_t k = 0; k < depth; ++k) panel[k * kPanel + column] = b[column * b_column + k];
  }
  if (columns == kPanel) return;
  for (std::int64_t k = 0; k < depth; ++k) std::fill(panel + k * kPanel + columns, panel + (k + 1) * kPanel, T{0});
}

template <class T, std::int64_t kRows>
void pack_strip_rows(const T* a, std::int64_t a_k, std::int64_t depth, T* strip) {
  for (std::int64_t k = 0; k < depth; ++k) {
    std::memcpy(strip + k * kRows, a + k * a_k, static_cast<std::size_t>(kRows) * sizeof(T));
  }
}
template <class T>
void pack_strip(const T* a, std::int64_t a_k, std::int64_t depth, std::int64_t rows, T* strip) {
  switch (rows) {
    case 1: return pack_strip_rows<T, 1>(a, a_k, depth, strip);
    case 2: return pack_strip_rows<T, 2>(a, a_k, depth, strip);
    case 3: return pack_strip_rows<T, 3>(a, a_k, depth, strip);
    case 4: return pack_strip_rows<T, 4>(a, a_k, depth, strip);
    case 5: return pack_strip_rows<T, 5>(a, a_k, depth, strip);
    default: return pack_strip_rows<T, 6>(a, a_k, depth, strip);
  }
}

template <class T>
constexpr MatrixKernels<T> kKernels = {
    .panel_columns = kPanelColumns<T>,
    .multiply = {nullptr, &multiply<T, 1>, &multiply<T, 2>, &multiply<T, 3>, &multiply<T, 4>, &multiply<T, 5>,
                 &multiply<T, 6>},
    .pack_panel = &pack_panel<T>,
    .pack_transposed_panel = &pack_transposed_panel<T>,
    .pack_strip = &pack_strip<T>,
};

}  // namespace

template <>
const MatrixKernels<float>& matrix_kernels<float>() {
  return kKernels<float>;
}
template <>
const MatrixKernels<double>& matrix_kernels<double>() {
  return kKernels<double>;
}

}  // namespace hillock::cpu

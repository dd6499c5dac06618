// The matrix micro-kernels and packers on Highway vectors, compiled once for each instruction set.
//
// With 16 registers a strip of 6 rows by 2 vectors keeps 12 sums, 2 vectors of b and 1 element of a. Nothing is spilled
// as long as the function is not inlined (g++ 12 spills the sums when it is inlined next to other code).
#include "cpu/matrix_kernel.h"

#include <algorithm>
#include <cstring>
#include <utility>

#if defined(__x86_64__)
#define HWY_DISABLED_TARGETS (~(HWY_AVX2 | HWY_AVX3))
#endif
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "cpu/matrix_kernel.cc"
#include <hwy/foreach_target.h>
// foreach_target.h must come before everything that includes Highway.
#include <hwy/highway.h>

#include "cpu/partial_vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace hillock::cpu {
inline namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// D is the tag of the kernel's vectors of float or double.
template <class D>
using Element = hn::TFromD<D>;
template <class D>
constexpr std::int64_t kVectorColumns = static_cast<std::int64_t>(hn::MaxLanes(D()));
template <class D>
constexpr std::int64_t kPanelColumns = 2 * kVectorColumns<D>;

// The columns of one row of the strip in vector number kVector. The last vector may be partial.
template <class D, std::size_t kVectors, std::size_t kVector>
HWY_INLINE hn::Vec<D> load_columns(const Element<D>* row, std::size_t columns) {
  const D d;
  constexpr std::size_t kWidth = hn::MaxLanes(d);
  if constexpr (kVector + 1 < kVectors) return hn::LoadU(d, row + kVector * kWidth);
  return columns == kVectors * kWidth
             ? hn::LoadU(d, row + kVector * kWidth)
             : load_first(d, row + kVector * kWidth, columns - kVector * kWidth, Element<D>{0});
}
template <class D, std::size_t kVectors, std::size_t kVector>
HWY_INLINE void store_columns(hn::Vec<D> vector, Element<D>* row, std::size_t columns) {
  const D d;
  constexpr std::size_t kWidth = hn::MaxLanes(d);
  if (kVector + 1 < kVectors || columns == kVectors * kWidth) return hn::StoreU(vector, d, row + kVector * kWidth);
  store_first(d, vector, row + kVector * kWidth, columns - kVector * kWidth);
}

// kPartial: the last vector of a row of b may extend beyond memory that may be read.
template <class D, std::size_t kVectors, bool kPartial, std::size_t... kRow>
HWY_NOINLINE void multiply_rows(const Strip<Element<D>>& strip, std::index_sequence<kRow...>) {
  using T = Element<D>;
  using V = hn::Vec<D>;
  const D d;
  constexpr std::size_t kWidth = hn::MaxLanes(d);
  constexpr std::size_t kRows = sizeof...(kRow);
  constexpr std::size_t kLast = kVectors - 1;
  const std::size_t columns = static_cast<std::size_t>(strip.columns);
  T* const c[kRows] = {strip.c + static_cast<std::int64_t>(kRow) * strip.c_row...};

  V sums[kRows][kVectors];
  ((sums[kRow][0] = hn::Zero(d), sums[kRow][kLast] = hn::Zero(d)), ...);

  const T* const a[kRows] = {strip.a + static_cast<std::int64_t>(kRow) * strip.a_row...};
  const T* b = strip.b;
  const std::int64_t b_k = strip.b_k;
  const std::int64_t a_k = strip.a_k;
  const auto mask = hn::FirstN(d, columns - kLast * kWidth);
  std::int64_t at = 0;
  for (std::int64_t k = strip.depth; k > 0; --k) {
    const V first = kPartial && kVectors == 1 ? load_masked(mask, d, b, columns) : hn::LoadU(d, b);
    const V last = kVectors == 1 ? first
                   : kPartial    ? load_masked(mask, d, b + kWidth, columns - kWidth)
                                 : hn::LoadU(d, b + kWidth);
    const auto row = [&](T element, V(&sum)[kVectors]) HWY_ATTR {
      const V x = hn::Set(d, element);
      sum[0] = hn::MulAdd(x, first, sum[0]);
      if constexpr (kVectors == 2) sum[1] = hn::MulAdd(x, last, sum[1]);
    };
    (row(a[kRow][at], sums[kRow]), ...);
    at += a_k;
    b += b_k;
  }

  if (strip.mode == StripMode::accumulate) {
    const auto add = [&](V(&sum)[kVectors], const T* to) HWY_ATTR {
      sum[0] = hn::Add(load_columns<D, kVectors, 0>(to, columns), sum[0]);
      if constexpr (kVectors == 2) sum[1] = hn::Add(load_columns<D, kVectors, 1>(to, columns), sum[1]);
    };
    (add(sums[kRow], c[kRow]), ...);
  }
  const auto store = [&](const V(&sum)[kVectors], T* to) HWY_ATTR {
    store_columns<D, kVectors, 0>(sum[0], to, columns);
    if constexpr (kVectors == 2) store_columns<D, kVectors, 1>(sum[1], to, columns);
  };
  (store(sums[kRow], c[kRow]), ...);
}

template <class D, std::size_t kRows>
void multiply(const Strip<Element<D>>& strip) {
  constexpr auto rows = std::make_index_sequence<kRows>();
  const bool one_vector = strip.columns <= kVectorColumns<D>;
  const bool partial = strip.b_ends_with_columns && strip.columns != (one_vector ? 1 : 2) * kVectorColumns<D>;
  if (one_vector) {
    if (partial) return multiply_rows<D, 1, true>(strip, rows);
    return multiply_rows<D, 1, false>(strip, rows);
  }
  if (partial) return multiply_rows<D, 2, true>(strip, rows);
  return multiply_rows<D, 2, false>(strip, rows);
}

template <class D, class T = Element<D>>
void pack_panel(const T* b, std::int64_t b_k, std::int64_t depth, std::int64_t columns, T* panel) {
  const D d;
  constexpr std::int64_t kPanel = kPanelColumns<D>;
  if (columns == kPanel) {
    for (std::int64_t k = 0; k < depth; ++k) {
      const auto b0 = hn::LoadU(d, b + k * b_k);
      const auto b1 = hn::LoadU(d, b + k * b_k + kVectorColumns<D>);
      hn::Store(b0, d, panel + k * kPanel);
      hn::Store(b1, d, panel + k * kPanel + kVectorColumns<D>);
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

template <class D, class T = Element<D>>
void pack_transposed_panel(const T* b, std::int64_t b_column, std::int64_t depth, std::int64_t columns, T* panel) {
  constexpr std::int64_t kPanel = kPanelColumns<D>;
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

// Tells the compiler that the value was changed, so that it cannot fold the computation.
template <class V>
HWY_INLINE void keep(V& vector) {
#if defined(__x86_64__)
  asm volatile("" : "+x"(vector.raw));
#else
  asm volatile("" : "+w"(vector.raw));
#endif
}

// Two multiply-adds per cycle with a latency of four or five cycles need ten chains; sixteen registers hold twelve
// chains and the two factors.
constexpr int kChains = 12;

// Runs `rounds` multiply-adds in each chain; returns the number of operations.
template <class D>
HWY_NOINLINE double multiply_add(std::int64_t rounds) {
  using T = Element<D>;
  using V = hn::Vec<D>;
  const D tag;
  const auto start = [&]() HWY_ATTR { return hn::Set(tag, static_cast<T>(0.1)); };
  V a0 = start(), a1 = start(), a2 = start(), a3 = start(), a4 = start(), a5 = start();
  V a6 = start(), a7 = start(), a8 = start(), a9 = start(), a10 = start(), a11 = start();
  V factor = hn::Set(tag, static_cast<T>(0.999));  // the chains tend to 1 and never become denormal
  V addend = hn::Set(tag, static_cast<T>(0.001));
  const auto step = [&](V& chain) HWY_ATTR {
    chain = hn::MulAdd(chain, factor, addend);
    keep(chain);
  };
  keep(factor);
  keep(addend);
  for (std::int64_t k = 0; k < rounds; ++k) {
    step(a0), step(a1), step(a2), step(a3), step(a4), step(a5);
    step(a6), step(a7), step(a8), step(a9), step(a10), step(a11);
  }
  return 2.0 * kChains * static_cast<double>(rounds) * static_cast<double>(hn::Lanes(tag));
}

template <class D>
constexpr MatrixKernels<Element<D>> kKernels = {
    .panel_columns = kPanelColumns<D>,
    .multiply = {nullptr, &multiply<D, 1>, &multiply<D, 2>, &multiply<D, 3>, &multiply<D, 4>, &multiply<D, 5>,
                 &multiply<D, 6>},
    .pack_panel = &pack_panel<D>,
    .pack_transposed_panel = &pack_transposed_panel<D>,
    .pack_strip = &pack_strip<Element<D>>,
    .multiply_add = &multiply_add<D>,
};

}  // namespace

template <class T>
constexpr const MatrixKernels<T>* widest_kernels() {
  return &kKernels<hn::ScalableTag<T>>;
}
template <class T>
constexpr const MatrixKernels<T>* narrow_kernels() {
  return &kKernels<hn::FixedTag<T, 16 / sizeof(T)>>;
}

}  // namespace HWY_NAMESPACE
}  // namespace hillock::cpu
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hillock::cpu {
namespace {

template <class T>
constexpr MatrixKernelTable<T> table_of_instruction_sets() {
  const MatrixKernels<T>* const baseline = HWY_NAMESPACE::widest_kernels<T>();
#if HWY_TARGETS & HWY_AVX3
  const MatrixKernels<T>* const avx512 = N_AVX3::widest_kernels<T>();
#else
  const MatrixKernels<T>* const avx512 = baseline;  // never chosen
#endif
  return {baseline, avx512, HWY_NAMESPACE::narrow_kernels<T>()};
}

}  // namespace

constinit const MatrixKernelTable<float> kMatrixKernelsF32 = table_of_instruction_sets<float>();
constinit const MatrixKernelTable<double> kMatrixKernelsF64 = table_of_instruction_sets<double>();

}  // namespace hillock::cpu
#endif  // HWY_ONCE

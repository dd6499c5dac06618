// The inner loop of every matrix product: a strip of up to 6 rows times a panel two vectors wide, and the packers that
// lay out its operands. This header does not need Highway; matrix_kernel.cc holds one table of kernels per element type
// and instruction set.
//
// The caller decides the order of the arithmetic: a kernel runs `depth` steps of each element's chain of fused
// multiply-adds, in ascending order from zero.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "cpu/instruction_set.h"

namespace hillock::cpu {

inline constexpr std::int64_t kStripRows = 6;

// What a strip does with its sums.
enum class StripMode : std::uint8_t {
  overwrite,   // c = chain from zero
  accumulate,  // c = c + chain from zero
};

template <class T>
struct Strip {
  const T* a = nullptr;  // element (row, k) at a[row * a_row + k * a_k]
  std::int64_t a_row = 0;
  std::int64_t a_k = 0;
  const T* b = nullptr;  // element (k, column) at b[k * b_k + column]
  std::int64_t b_k = 0;
  bool b_ends_with_columns = false;  // whether only `columns` of a row of b may be read, instead of all of the panel's
  std::int64_t depth = 0;
  T* c = nullptr;  // element (row, column) at c[row * c_row + column]
  std::int64_t c_row = 0;
  std::int64_t columns = 0;  // the number of the panel's columns that are stored
  StripMode mode = StripMode::overwrite;
};

template <class T>
struct MatrixKernels {
  std::int64_t panel_columns;
  // multiply[r] takes strips of r rows, 1 to 6.
  std::array<void (*)(const Strip<T>&), kStripRows + 1> multiply;
  // panel[k * panel_columns + column] = b[k * b_k + column] for k in [0, depth); columns beyond `columns` are zero.
  void (*pack_panel)(const T* b, std::int64_t b_k, std::int64_t depth, std::int64_t columns, T* panel);
  // The same from a matrix that is stored transposed: b[column * b_column + k].
  void (*pack_transposed_panel)(const T* b, std::int64_t b_column, std::int64_t depth, std::int64_t columns, T* panel);
  // strip[k * rows + row] = a[k * a_k + row]: a strip of a matrix that is stored transposed.
  void (*pack_strip)(const T* a, std::int64_t a_k, std::int64_t depth, std::int64_t rows, T* strip);
  // The peak rate of any product: `rounds` fused multiply-adds in each of several independent chains in registers.
  // Returns the number of operations, two for each multiply-add.
  double (*multiply_add)(std::int64_t rounds);
};

// Indexed by instruction set (instruction_set.h). Constant-initialized, so that initializers of other files may use it.
template <class T>
using MatrixKernelTable = std::array<const MatrixKernels<T>*, kInstructionSets>;
extern const MatrixKernelTable<float> kMatrixKernelsF32;
extern const MatrixKernelTable<double> kMatrixKernelsF64;

// The kernels of a supported instruction set.
template <class T>
const MatrixKernels<T>& matrix_kernels(InstructionSet target) {
  const auto index = static_cast<std::size_t>(target);
  if constexpr (sizeof(T) == sizeof(float)) {
    return *kMatrixKernelsF32[index];
  } else {
    return *kMatrixKernelsF64[index];
  }
}

}  // namespace hillock::cpu

// Sources of rows: tensors, a caller's own arrays, a generating function, or a class of your own.
//
// Training, evaluation and everything else that reads rows gathers a few hundred at a time from a RowSource, so a
// source may have more rows than fit into memory. What is held in memory for each row is listed in docs/training.md,
// "Rows".
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "hillock/tensor.h"
#include "hillock/tensor_view.h"

namespace hillock {

// Rows for training or evaluation. The tensors are borrowed: they must outlive the use and must not change during it
// (another thread may be reading ahead). Targets are class numbers (i32 [rows], with a range) or numbers ([rows,
// outputs] of the network's dtype). A weight of w counts a row like w copies of it; only the ratios of the weights
// matter (docs/training.md).
struct Examples {
  const Tensor* features = nullptr;  // [rows, …input] of the network's dtype
  const Tensor* targets = nullptr;
  const Tensor* weights = nullptr;  // [rows] of the network's dtype, finite, ≥ 0, not all 0; nullptr: all count equally
  std::int64_t rows() const { return features->shape()[0]; }
};

// The same as views, so that the numbers may be in any array. A part that the rows do not have is a view of nothing.
struct RowsView {
  TensorView features{}, targets{}, weights{};
  std::int64_t rows() const { return (features ? features : targets ? targets : weights).shape()[0]; }
};

// The types of all rows together: the first axis of each part is the rows, and features have at least this axis.
struct RowTypes {
  TensorType features;
  std::optional<TensorType> targets{};
  std::optional<TensorType> weights{};  // [rows]
  std::int64_t rows() const { return features.shape[0]; }
};

// Buffers for some rows, each dense and aligned for its element type. An empty buffer means: do not fill this part.
struct RowBuffers {
  std::span<std::byte> features{}, targets{}, weights{};
};
// A buffer as a span of its elements.
template <Element T>
std::span<T> elements_of(std::span<std::byte> part) {
  return {reinterpret_cast<T*>(part.data()), part.size() / sizeof(T)};
}

// A source of rows, numbered from 0. A source must outlive its use, and a row must have the same contents whenever it
// is gathered. gather() must be thread-safe: training may gather batches ahead of their steps in a thread of its own. A
// source that is not thread-safe by nature must hold a lock in fill().
class RowSource {
 public:
  virtual ~RowSource() = default;

  const RowTypes& types() const { return types_; }
  std::int64_t rows() const { return types_.rows(); }
  // The size of one row's part; 0 for a part that the rows do not have.
  std::size_t feature_bytes() const { return feature_bytes_; }
  std::size_t target_bytes() const { return target_bytes_; }
  std::size_t weight_bytes() const { return weight_bytes_; }

  // Copies row numbers[k] to position k of `out`, for every k; a row may occur more than once. Throws Error if a number
  // is outside [0, rows()), if a buffer that is not empty has the wrong size, or if the rows cannot be read.
  void gather(std::span<const std::int64_t> numbers, const RowBuffers& out) const;

  // Views of all rows if they are in memory, so that consecutive rows can be used in place; nullptr otherwise.
  virtual const RowsView* in_memory() const { return nullptr; }

 protected:
  // Throws Error unless all parts have equally many rows.
  explicit RowSource(RowTypes types);
  RowSource(const RowSource&) = default;
  RowSource& operator=(const RowSource&) = default;

 private:
  // Implements gather(), which has checked the arguments.
  virtual void fill(std::span<const std::int64_t> numbers, const RowBuffers& out) const = 0;

  RowTypes types_;
  std::size_t feature_bytes_ = 0, target_bytes_ = 0, weight_bytes_ = 0;
};

// Rows in memory: in tensors or in a caller's own arrays. They are borrowed and must outlive the source.
//
//   std::vector<float> x(1000 * 8), y(1000);
//   MemoryRows rows({.features = {x, {1000, 8}}, .targets = {y, {1000, 1}}});
class MemoryRows final : public RowSource {
 public:
  explicit MemoryRows(const RowsView& rows);
  // Throws Error if there are no features.
  explicit MemoryRows(const Examples& rows);

  const RowsView* in_memory() const override { return &rows_; }

 private:
  void fill(std::span<const std::int64_t> numbers, const RowBuffers& out) const override;

  RowsView rows_;
};

// Rows that a function generates on demand: simulated ones, or rows from a store of the caller's.
//
//   GeneratedRows rows({.features = {DType::f32, {1'000'000'000, 2}, {}}, .targets = …},
//                      [](std::span<const std::int64_t> numbers, const RowBuffers& out) { … });
class GeneratedRows final : public RowSource {
 public:
  // Fills each buffer that is not empty with the rows of these numbers. A row may depend only on its number. Must be
  // thread-safe.
  using Function = std::function<void(std::span<const std::int64_t> numbers, const RowBuffers& out)>;
  GeneratedRows(const RowTypes& types, Function function);

 private:
  void fill(std::span<const std::int64_t> numbers, const RowBuffers& out) const override;

  Function function_;
};

}  // namespace hillock

// Where rows come from: memory, a caller's own arrays, a function that makes them, or a class of one's own.
//
// Training, evaluation and everything else that looks at rows asks a RowSource for those that it needs, some hundreds
// at a time, and holds no more of them: a source may have more rows than fit into memory. What is kept for each row is
// said where it is (docs/training.md, "Rows").
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "hillock/tensor.h"
#include "hillock/tensor_view.h"

namespace hillock {

// Rows to train on or to judge by; the tensors are owned by the caller, must outlive the use and not change during it
// (another thread may be reading rows that come later). Targets are class numbers (i32 [rows], with a range) or numbers
// ([rows, outputs], the network's dtype). Weights say how much each row counts, like so many copies of it; only their
// ratios matter (docs/training.md).
struct Examples {
  const Tensor* features = nullptr;  // [rows, …input], the network's dtype
  const Tensor* targets = nullptr;
  const Tensor* weights =
      nullptr;  // [rows], the network's dtype, finite, ≥ 0, not all 0; nullptr: all rows count alike
  std::int64_t rows() const { return features->shape()[0]; }
};

// The same as views, so that the numbers may lie in any array; a view of nothing where rows have no such part.
struct RowsView {
  TensorView features{}, targets{}, weights{};
  std::int64_t rows() const { return (features ? features : targets ? targets : weights).shape()[0]; }
};

// The types of all rows together. Features have an axis at least, and the first axis of all is the rows.
struct RowTypes {
  TensorType features;
  std::optional<TensorType> targets{};
  std::optional<TensorType> weights{};  // [rows]
  std::int64_t rows() const { return features.shape[0]; }
};

// Room for some rows, each part dense and aligned for its elements. A part that is empty is not wanted.
struct RowBuffers {
  std::span<std::byte> features{}, targets{}, weights{};
};
// A part as what it holds.
template <Element T>
std::span<T> elements_of(std::span<std::byte> part) {
  return {reinterpret_cast<T*>(part.data()), part.size() / sizeof(T)};
}

// Rows by number, from 0. Whoever uses a source requires that it outlives the use and that a row is the same whenever
// it is asked for. gather() is called from several threads at once: training has a thread that gathers the batches
// ahead of their steps. A source that is not safe from that holds a lock while it gathers.
class RowSource {
 public:
  virtual ~RowSource() = default;

  const RowTypes& types() const { return types_; }
  std::int64_t rows() const { return types_.rows(); }
  // Of one row; 0 for a part that rows do not have.
  std::size_t feature_bytes() const { return feature_bytes_; }
  std::size_t target_bytes() const { return target_bytes_; }
  std::size_t weight_bytes() const { return weight_bytes_; }

  // Row numbers[k] to place k of `out`, in any order; a row may occur twice. Throws Error for a number outside
  // [0, rows()), for a buffer of another size than so many rows, or where the rows cannot be had.
  void gather(std::span<const std::int64_t> numbers, const RowBuffers& out) const;

  // All rows, where they lie in memory: then consecutive rows are used where they are. nullptr otherwise.
  virtual const RowsView* in_memory() const { return nullptr; }

 protected:
  // Throws Error unless all parts have as many rows.
  explicit RowSource(RowTypes types);
  RowSource(const RowSource&) = default;
  RowSource& operator=(const RowSource&) = default;

 private:
  // What gather() says, once it has checked what it was given.
  virtual void fill(std::span<const std::int64_t> numbers, const RowBuffers& out) const = 0;

  RowTypes types_;
  std::size_t feature_bytes_ = 0, target_bytes_ = 0, weight_bytes_ = 0;
};

// Rows that lie in memory: in tensors, or in arrays of a caller's. They are borrowed and must outlive the source.
//
//   std::vector<float> x(1000 * 8), y(1000);
//   MemoryRows rows({.features = {x, {1000, 8}}, .targets = {y, {1000, 1}}});
class MemoryRows final : public RowSource {
 public:
  explicit MemoryRows(const RowsView& rows);
  // Throws Error if features are missing.
  explicit MemoryRows(const Examples& rows);

  const RowsView* in_memory() const override { return &rows_; }

 private:
  void fill(std::span<const std::int64_t> numbers, const RowBuffers& out) const override;

  RowsView rows_;
};

// Rows that a function makes when they are asked for: simulated ones, or those of a caller's own store.
//
//   GeneratedRows rows({.features = {DType::f32, {1'000'000'000, 2}, {}}, .targets = …},
//                      [](std::span<const std::int64_t> numbers, const RowBuffers& out) { … });
class GeneratedRows final : public RowSource {
 public:
  // Fills each part that is not empty with the rows of these numbers. What a row holds may depend on its number only.
  // Called from several threads at once.
  using Function = std::function<void(std::span<const std::int64_t> numbers, const RowBuffers& out)>;
  GeneratedRows(const RowTypes& types, Function function);

 private:
  void fill(std::span<const std::int64_t> numbers, const RowBuffers& out) const override;

  Function function_;
};

}  // namespace hillock

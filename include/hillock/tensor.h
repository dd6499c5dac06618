// Element types, shapes, and tensors: owning buffers in host memory.
//
// All tensors are dense and row-major: the last axis is contiguous. A shape of rank 0 is a scalar with one element.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hillock {

enum class DType : std::uint8_t { f32, f64, i32, i64 };

std::size_t size_in_bytes(DType dtype);
std::string_view name_of(DType dtype);
// Accepts "f32", "f64", "i32", "i64". Throws Error for anything else.
DType dtype_from_name(std::string_view name);
inline bool is_float(DType dtype) { return dtype == DType::f32 || dtype == DType::f64; }

// The C++ types of tensor elements.
template <class T>
concept Element =
    std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, std::int32_t> || std::same_as<T, std::int64_t>;
// A contiguous range of elements: a std::vector, std::span or std::array.
template <class R>
concept ElementRange =
    std::ranges::contiguous_range<R> && std::ranges::sized_range<R> && Element<std::ranges::range_value_t<R>>;

template <Element T>
struct DTypeOf;
template <>
struct DTypeOf<float> {
  static constexpr DType value = DType::f32;
};
template <>
struct DTypeOf<double> {
  static constexpr DType value = DType::f64;
};
template <>
struct DTypeOf<std::int32_t> {
  static constexpr DType value = DType::i32;
};
template <>
struct DTypeOf<std::int64_t> {
  static constexpr DType value = DType::i64;
};

// The extents of a tensor: at most kMaxRank axes, each of extent 0 or more. A value type that uses no heap memory.
class Shape {
 public:
  static constexpr int kMaxRank = 8;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> dims);
  // Throws Error if there are more than kMaxRank dims, one is negative, or the number of elements exceeds 2^62.
  explicit Shape(std::span<const std::int64_t> dims);

  int rank() const { return rank_; }
  std::int64_t operator[](int axis) const { return dims_[static_cast<std::size_t>(axis)]; }
  std::span<const std::int64_t> dims() const { return {dims_.data(), static_cast<std::size_t>(rank_)}; }
  std::int64_t elements() const;

  bool operator==(const Shape& other) const;
  // "[32, 64]", or "[]" for a scalar.
  std::string to_string() const;

 private:
  std::array<std::int64_t, kMaxRank> dims_{};
  int rank_ = 0;
};

// The half-open range [begin, end) that labels and indices must lie in. It is checked whenever data are bound.
struct IntegerRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  bool operator==(const IntegerRange&) const = default;
};

struct TensorType {
  DType dtype = DType::f32;
  Shape shape;
  std::optional<IntegerRange> range;  // integer types only

  std::int64_t elements() const { return shape.elements(); }
  std::size_t bytes() const { return static_cast<std::size_t>(elements()) * size_in_bytes(dtype); }
  bool operator==(const TensorType&) const = default;
  // "f32[32, 64]", "i32[32] in [0, 10)".
  std::string to_string() const;
};

// A row-major buffer in host memory, aligned to 64 bytes, that owns its elements. Movable and copyable; a copy copies
// the elements. A default-constructed tensor has no buffer: raw() is nullptr.
class Tensor {
 public:
  Tensor() = default;
  // All elements are zero.
  explicit Tensor(TensorType type);
  Tensor(const Tensor& other);
  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(const Tensor& other);
  Tensor& operator=(Tensor&&) noexcept = default;

  // Copies `values`. Throws Error unless there are as many as `shape` has elements.
  template <Element T>
  static Tensor from(Shape shape, std::span<const T> values) {
    Tensor tensor(TensorType{DTypeOf<T>::value, shape, {}});
    tensor.assign_bytes(values.data(), values.size_bytes());
    return tensor;
  }
  template <Element T>
  static Tensor from(Shape shape, std::initializer_list<T> values) {
    return from<T>(shape, std::span<const T>(values.begin(), values.size()));
  }
  template <ElementRange R>
  static Tensor from(Shape shape, const R& values) {
    using T = std::ranges::range_value_t<R>;
    return from<T>(shape, std::span<const T>(std::ranges::data(values), std::ranges::size(values)));
  }
  // A tensor of one axis.
  template <ElementRange R>
  static Tensor from(const R& values) {
    return from(Shape{static_cast<std::int64_t>(std::ranges::size(values))}, values);
  }
  // [rows, columns] from rows of equal length. Throws Error if the lengths differ.
  template <Element T>
  static Tensor from(const std::vector<std::vector<T>>& rows) {
    const std::size_t columns = rows.empty() ? 0 : rows.front().size();
    std::vector<T> values;
    values.reserve(rows.size() * columns);
    for (const std::vector<T>& row : rows) {
      require_length(row.size(), columns);
      values.insert(values.end(), row.begin(), row.end());
    }
    return from(Shape{static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(columns)}, values);
  }

  const TensorType& type() const { return type_; }
  const Shape& shape() const { return type_.shape; }
  DType dtype() const { return type_.dtype; }
  std::int64_t elements() const { return type_.elements(); }
  std::size_t bytes() const { return type_.bytes(); }
  void* raw() { return data_.get(); }
  const void* raw() const { return data_.get(); }

  // The elements as a span. Throws Error if T is not the tensor's dtype.
  template <Element T>
  std::span<T> values() {
    require_dtype(DTypeOf<T>::value);
    return {static_cast<T*>(raw()), static_cast<std::size_t>(elements())};
  }
  template <Element T>
  std::span<const T> values() const {
    require_dtype(DTypeOf<T>::value);
    return {static_cast<const T*>(raw()), static_cast<std::size_t>(elements())};
  }
  // Element `index` in row-major order, converted from or to the dtype. Requires 0 <= index < elements().
  double at(std::int64_t index) const;
  void set(std::int64_t index, double value);

 private:
  void assign_bytes(const void* source, std::size_t bytes);
  void require_dtype(DType dtype) const;
  static void require_length(std::size_t row, std::size_t first);  // throws Error if the lengths differ

  struct Free {
    void operator()(void* pointer) const;
  };
  TensorType type_;
  std::unique_ptr<void, Free> data_;
};

// The elements of `tensor` rounded to `dtype`, or the tensor itself if that is its dtype. Both must be f32 or f64.
Tensor converted(Tensor tensor, DType dtype);

}  // namespace hillock

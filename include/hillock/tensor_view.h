// Borrowed numbers: where they lie, how many there are and of which type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <span>
#include <utility>

#include "hillock/tensor.h"

namespace hillock {

// Numbers that do not end with the expression they stand in: a variable or a span.
template <class Values>
concept BorrowedElements = ElementRange<Values> && std::ranges::borrowed_range<Values>;

// Dense, row-major numbers that somebody else owns: a Tensor, or any array of a caller's. The owner must keep them
// where they are for as long as the view is used. Cheap to copy; copies no numbers.
class TensorView {
 public:
  TensorView() = default;  // of nothing: raw() is nullptr
  TensorView(const Tensor& tensor) : TensorView(tensor.raw(), tensor.type()) {}
  // `data` are `bytes` bytes. Throws Error unless the type has exactly so many and they are aligned for its elements.
  TensorView(const void* data, std::size_t bytes, const TensorType& type);
  // A vector, an array or a span of float, double, std::int32_t or std::int64_t. Throws Error unless `shape` has as
  // many elements. Integers that are class numbers or indices need their range.
  template <BorrowedElements Values>
  TensorView(Values&& values, const Shape& shape, std::optional<IntegerRange> range = {})
      : TensorView(std::ranges::data(values), std::ranges::size(values) * sizeof(*std::ranges::data(values)),
                   TensorType{DTypeOf<std::ranges::range_value_t<Values>>::value, shape, range}) {}
  // The same along one axis.
  template <BorrowedElements Values>
  TensorView(Values&& values) : TensorView(values, Shape{static_cast<std::int64_t>(std::ranges::size(values))}) {}

  explicit operator bool() const { return data_ != nullptr; }
  const void* raw() const { return data_; }
  const TensorType& type() const { return type_; }
  const Shape& shape() const { return type_.shape; }
  DType dtype() const { return type_.dtype; }
  std::int64_t elements() const { return elements_; }
  std::size_t bytes() const { return static_cast<std::size_t>(elements_) * size_in_bytes(type_.dtype); }

  // The elements as T. Throws Error if T is not their dtype.
  template <Element T>
  std::span<const T> values() const {
    require_dtype(DTypeOf<T>::value);
    return {static_cast<const T*>(data_), static_cast<std::size_t>(elements_)};
  }
  // Element `index` in row-major order, whatever the dtype.
  double at(std::int64_t index) const;

  // Of no numbers yet: move_to() says where they are.
  static TensorView of_type(const TensorType& type) {
    TensorView view;
    view.type_ = type;
    view.elements_ = type.elements();
    return view;
  }
  // Views other numbers of the same type from now on; their size and alignment are not checked again.
  void move_to(const void* data) { data_ = data; }

 private:
  TensorView(const void* data, const TensorType& type)
      : data_(data), elements_(data == nullptr ? 0 : type.elements()), type_(type) {}
  void require_dtype(DType dtype) const;

  const void* data_ = nullptr;
  std::int64_t elements_ = 0;
  TensorType type_;
};

}  // namespace hillock

// Views of tensors: the address, number and type of elements that someone else owns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ranges>
#include <span>
#include <utility>

#include "hillock/tensor.h"

namespace hillock {

// Elements that outlive the expression in which they appear: those of a variable, or of a span. Temporary vectors are
// refused at compile time.
template <class Values>
concept BorrowedElements = ElementRange<Values> && std::ranges::borrowed_range<Values>;

// A view of dense, row-major elements that it does not own: those of a Tensor or of any array. The owner must keep them
// in place for as long as the view is used. In particular, a view of a temporary Tensor dangles as soon as the full
// expression ends: pass one only to a function that does not keep the view. Cheap to copy; never copies elements.
class TensorView {
 public:
  TensorView() = default;  // a view of nothing: raw() is nullptr
  TensorView(const Tensor& tensor) : TensorView(tensor.raw(), tensor.type()) {}
  // A view of `bytes` bytes at `data`. Throws Error unless that is the size of `type` and `data` is aligned for its
  // elements.
  TensorView(const void* data, std::size_t bytes, const TensorType& type);
  // A view of a vector, array or span of float, double, std::int32_t or std::int64_t. Throws Error unless `shape` has
  // as many elements. Integers that are class numbers or indices need their range.
  template <BorrowedElements Values>
  TensorView(Values&& values, const Shape& shape, std::optional<IntegerRange> range = {})
      : TensorView(std::ranges::data(values), std::ranges::size(values) * sizeof(*std::ranges::data(values)),
                   TensorType{DTypeOf<std::ranges::range_value_t<Values>>::value, shape, range}) {}
  // The same with a single axis.
  template <BorrowedElements Values>
  TensorView(Values&& values) : TensorView(values, Shape{static_cast<std::int64_t>(std::ranges::size(values))}) {}

  explicit operator bool() const { return data_ != nullptr; }
  const void* raw() const { return data_; }
  const TensorType& type() const { return type_; }
  const Shape& shape() const { return type_.shape; }
  DType dtype() const { return type_.dtype; }
  std::int64_t elements() const { return elements_; }
  std::size_t bytes() const { return static_cast<std::size_t>(elements_) * size_in_bytes(type_.dtype); }

  // The elements as a span. Throws Error if T is not their dtype.
  template <Element T>
  std::span<const T> values() const {
    require_dtype(DTypeOf<T>::value);
    return {static_cast<const T*>(data_), static_cast<std::size_t>(elements_)};
  }
  // Element `index` in row-major order, converted to double. Requires 0 <= index < elements().
  double at(std::int64_t index) const;

  // A view of this type whose elements move_to() will set.
  static TensorView of_type(const TensorType& type) {
    TensorView view;
    view.type_ = type;
    view.elements_ = type.elements();
    return view;
  }
  // From now on views other elements of the same type, whose number and alignment are not checked.
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

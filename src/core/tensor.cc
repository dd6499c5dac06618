// Element types, shapes and host buffers.
#include "hillock/tensor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <new>

#include "core/element.h"
#include "core/large_block.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {

std::size_t size_in_bytes(DType dtype) { return dtype == DType::f32 || dtype == DType::i32 ? 4 : 8; }

std::string_view name_of(DType dtype) {
  switch (dtype) {
    case DType::f32: return "f32";
    case DType::f64: return "f64";
    case DType::i32: return "i32";
    case DType::i64: return "i64";
  }
  return "?";
}

DType dtype_from_name(std::string_view name) {
  for (DType dtype : {DType::f32, DType::f64, DType::i32, DType::i64}) {
    if (name_of(dtype) == name) return dtype;
  }
  throw Error(fmt::format("dtype: {} is not an element type; use f32, f64, i32 or i64", quote(name)));
}

Shape::Shape(std::initializer_list<std::int64_t> dims)
    : Shape(std::span<const std::int64_t>(dims.begin(), dims.size())) {}

Shape::Shape(std::span<const std::int64_t> dims) {
  if (dims.size() > kMaxRank) {
    throw Error(fmt::format("shape: {} axes; at most {} are supported", dims.size(), kMaxRank));
  }
  constexpr std::int64_t kMaxElements = std::int64_t{1} << 62;
  std::int64_t elements = 1;
  for (std::int64_t dim : dims) {
    if (dim < 0) throw Error(fmt::format("shape: [{}] has a negative extent", fmt::join(dims, ", ")));
    if (dim > 0 && elements > kMaxElements / dim) {
      throw Error(fmt::format("shape: [{}] has more than 2^62 elements", fmt::join(dims, ", ")));
    }
    elements *= dim;
    dims_[static_cast<std::size_t>(rank_++)] = dim;
  }
}

std::int64_t Shape::elements() const {
  std::int64_t product = 1;
  for (std::int64_t dim : dims()) product *= dim;
  return product;
}

bool Shape::operator==(const Shape& other) const {
  if (rank_ != other.rank_) return false;
  for (int axis = 0; axis < rank_; ++axis) {
    if ((*this)[axis] != other[axis]) return false;
  }
  return true;
}

std::string Shape::to_string() const { return fmt::format("[{}]", fmt::join(dims(), ", ")); }

std::string TensorType::to_string() const {
  std::string text = fmt::format("{}{}", name_of(dtype), shape.to_string());
  if (range) text += fmt::format(" in [{}, {})", range->begin, range->end);
  return text;
}

namespace {
constexpr std::align_val_t kAlignment{64};

void* allocate(std::size_t bytes) {
  void* pointer = ::operator new(bytes == 0 ? 1 : bytes, kAlignment);
  prefer_large_pages(pointer, bytes);
  if (bytes > 0) std::memset(pointer, 0, bytes);
  return pointer;
}
}  // namespace

void Tensor::Free::operator()(void* pointer) const { ::operator delete(pointer, kAlignment); }

Tensor::Tensor(TensorType type) : type_(std::move(type)), data_(allocate(type_.bytes())) {}

Tensor::Tensor(const Tensor& other) : type_(other.type_) {
  if (other.data_ == nullptr) return;
  data_.reset(allocate(type_.bytes()));
  std::memcpy(data_.get(), other.data_.get(), type_.bytes());
}

Tensor& Tensor::operator=(const Tensor& other) {
  if (this != &other) *this = Tensor(other);
  return *this;
}

void Tensor::assign_bytes(const void* source, std::size_t bytes) {
  if (bytes != type_.bytes()) {
    throw Error(fmt::format("tensor: {} needs {} bytes of values, got {}", type_.to_string(), type_.bytes(), bytes));
  }
  if (bytes > 0) std::memcpy(data_.get(), source, bytes);
}

void Tensor::require_length(std::size_t row, std::size_t first) {
  if (row == first) return;
  throw Error(
      fmt::format("tensor: a row has {} values and the first one {}; give rows of the same length", row, first));
}

void Tensor::require_dtype(DType dtype) const {
  if (type_.dtype != dtype) {
    throw Error(fmt::format("tensor: the elements are {}, not {}", name_of(type_.dtype), name_of(dtype)));
  }
}

double Tensor::at(std::int64_t index) const { return element_at(type_.dtype, raw(), index); }

void Tensor::set(std::int64_t index, double value) {
  const auto i = static_cast<std::size_t>(index);
  switch (type_.dtype) {
    case DType::f32: static_cast<float*>(raw())[i] = static_cast<float>(value); break;
    case DType::f64: static_cast<double*>(raw())[i] = value; break;
    case DType::i32: static_cast<std::int32_t*>(raw())[i] = static_cast<std::int32_t>(value); break;
    case DType::i64: static_cast<std::int64_t*>(raw())[i] = static_cast<std::int64_t>(value); break;
  }
}

}  // namespace hillock

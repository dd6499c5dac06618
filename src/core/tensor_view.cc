// Checks a caller's array when a view of it is made.
#include "hillock/tensor_view.h"

#include <fmt/format.h>

#include "core/element.h"
#include "hillock/error.h"

namespace hillock {

TensorView::TensorView(const void* data, std::size_t bytes, const TensorType& type) : TensorView(data, type) {
  if (bytes != type.bytes()) {
    throw Error(fmt::format("view: {} needs {} bytes and there are {}; give the type that the array has",
                            type.to_string(), type.bytes(), bytes));
  }
  if (data == nullptr && bytes > 0)
    throw Error(fmt::format("view: {} at a null pointer; pass the array's own", type.to_string()));
  if (reinterpret_cast<std::uintptr_t>(data) % size_in_bytes(type.dtype) != 0) {
    throw Error(fmt::format("view: {} at an address that is no multiple of {}; copy the array to one that is",
                            type.to_string(), size_in_bytes(type.dtype)));
  }
}

void TensorView::require_dtype(DType dtype) const {
  if (type_.dtype == dtype) return;
  throw Error(fmt::format("view: the elements are {}, not {}", name_of(type_.dtype), name_of(dtype)));
}

double TensorView::at(std::int64_t index) const { return element_at(type_.dtype, data_, index); }

}  // namespace hillock

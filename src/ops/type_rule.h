// Shared by type rules and references of many ops: checks of operands, and dispatch from a dtype to a C++ type.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

#include "hillock/error.h"
#include "hillock/op.h"

namespace hillock {

inline void require_operands(std::string_view op, const OpSignature& signature, std::size_t count) {
  if (signature.in.size() != count) {
    throw Error(fmt::format("{}: {} operands were given and it takes {}", op, signature.in.size(), count));
  }
}

inline void require_float(std::string_view op, const TensorType& type) {
  if (!is_float(type.dtype)) {
    throw Error(fmt::format("{}: the operand is {}; it takes f32 or f64, so cast() it first", op, type.to_string()));
  }
}

// Kernels do not check indices in [0, extent) when they run, so the type must guarantee them.
inline void require_indices(std::string_view op, const TensorType& type, std::int64_t extent) {
  if (is_float(type.dtype)) {
    throw Error(fmt::format("{}: the indices are {}; give them as i32 or i64", op, type.to_string()));
  }
  if (type.elements() == 0) return;
  if (!type.range || type.range->begin < 0 || type.range->end > extent) {
    throw Error(
        fmt::format("{}: the indices are {} and must lie in [0, {}); give their type a range within that, which "
                    "is checked when data is bound",
                    op, type.to_string(), extent));
  }
}

// The dtype that an attribute gives by its number.
inline DType dtype_from_code(std::string_view op, std::int64_t code) {
  if (code < 0 || code > 3) {
    throw Error(fmt::format("{}: dtype={} is none of 0 (f32), 1 (f64), 2 (i32), 3 (i64)", op, code));
  }
  return static_cast<DType>(code);
}

// Calls `function` with a value of the C++ type for `dtype`.
template <class Function>
decltype(auto) visit_float(DType dtype, Function&& function) {
  return dtype == DType::f64 ? function(double{}) : function(float{});
}
template <class Function>
decltype(auto) visit_dtype(DType dtype, Function&& function) {
  switch (dtype) {
    case DType::f32: return function(float{});
    case DType::f64: return function(double{});
    case DType::i32: return function(std::int32_t{});
    case DType::i64: break;
  }
  return function(std::int64_t{});
}
template <class Function>
decltype(auto) visit_index(DType dtype, Function&& function) {
  return dtype == DType::i64 ? function(std::int64_t{}) : function(std::int32_t{});
}

inline std::vector<std::int64_t> dims_of(const Shape& shape) { return {shape.dims().begin(), shape.dims().end()}; }

// The product of the extents of axes [begin, end).
inline std::int64_t extent_of(const Shape& shape, int begin, int end) {
  std::int64_t product = 1;
  for (int axis = begin; axis < end; ++axis) product *= shape[axis];
  return product;
}

inline std::int64_t ceil_div(std::int64_t x, std::int64_t y) { return (x + y - 1) / y; }

// Copies `view` of `in` to dense row-major `out`: the reference of every op that only moves elements.
inline void copy_view(const void* in, const View& view, void* out, DType dtype) {
  visit_dtype(dtype, [&]<class T>(T) {
    const T* from = static_cast<const T*>(in) + view.offset;
    T* to = static_cast<T*>(out);
    const std::int64_t elements = view.shape.elements();
    for (std::int64_t index = 0; index < elements; ++index) {
      std::int64_t rest = index;
      std::int64_t place = 0;
      for (int axis = view.shape.rank() - 1; axis >= 0; --axis) {
        place += rest % view.shape[axis] * view.strides[static_cast<std::size_t>(axis)];
        rest /= view.shape[axis];
      }
      to[index] = from[place];
    }
  });
}

// The reference of an op that has a view rule: what its view of a dense operand shows.
template <std::optional<View> (*kView)(const OpSignature&, const View&)>
void view_reference(const ReferenceCall& call) {
  const TensorType& in = call.signature.in[0];
  copy_view(call.in[0], *kView(call.signature, View::dense(in.shape)), call.out[0], in.dtype);
}

}  // namespace hillock

// One element of an array of any type.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hillock/tensor.h"

namespace hillock {

inline double element_at(DType dtype, const void* data, std::int64_t index) {
  const auto i = static_cast<std::size_t>(index);
  switch (dtype) {
    case DType::f32: return static_cast<double>(static_cast<const float*>(data)[i]);
    case DType::f64: return static_cast<const double*>(data)[i];
    case DType::i32: return static_cast<double>(static_cast<const std::int32_t*>(data)[i]);
    case DType::i64: return static_cast<double>(static_cast<const std::int64_t*>(data)[i]);
  }
  return 0;
}

}  // namespace hillock

// Shapes of tensors of several rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hillock/tensor.h"

namespace hillock {

// [rows, …row].
inline Shape with_rows(std::int64_t rows, const Shape& row) {
  std::vector<std::int64_t> dims{rows};
  dims.insert(dims.end(), row.dims().begin(), row.dims().end());
  return Shape(std::span<const std::int64_t>(dims));
}

}  // namespace hillock

// Copies rows by their numbers. All gathering of rows goes through here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "hillock/tensor_view.h"

namespace hillock {

// Copies row numbers[k] of `from`, whose first axis is rows, to place k of `out`. The numbers must be in range.
void gather_rows(const TensorView& from, std::size_t row_bytes, std::span<const std::int64_t> numbers, std::byte* out);
// The same into a new tensor.
Tensor take_rows(const TensorView& from, std::span<const std::int64_t> numbers);
// The size of a row. `type` has at least one axis.
std::size_t bytes_of_row(const TensorType& type);
// `type` with another number of rows.
TensorType type_of_rows(TensorType type, std::int64_t rows);

}  // namespace hillock

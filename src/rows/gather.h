// The one place where rows are copied by their number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "hillock/tensor_view.h"

namespace hillock {

// Row numbers[k] of `from`, whose first axis is rows, to place k of `out`. The numbers are in range.
void gather_rows(const TensorView& from, std::size_t row_bytes, std::span<const std::int64_t> numbers, std::byte* out);
// The same as a tensor.
Tensor take_rows(const TensorView& from, std::span<const std::int64_t> numbers);
// Of a row. `type` has an axis at least.
std::size_t bytes_of_row(const TensorType& type);
// `type` with another number of rows.
TensorType type_of_rows(TensorType type, std::int64_t rows);

}  // namespace hillock

// Checks and normalizes the weights of rows.
#pragma once

#include <optional>
#include <string_view>

#include "hillock/tensor.h"

namespace hillock {

struct Examples;
class RowSource;

// Throws Error unless `examples` have no weights, or one per row, of `dtype`, finite, ≥ 0, and not all 0. `where`
// begins the message: "train: the training".
void require_weights(const Examples& examples, DType dtype, std::string_view where);
void require_weights(const RowSource& rows, DType dtype, std::string_view where);

// The weights scaled to a mean of 1, or nullopt if there are none or all are equal, so that equal weights give the same
// bits as no weights. Requires weights that pass require_weights. Trainer calls it itself; a caller of
// TrainingStep::run must call it over all training rows, not per batch.
std::optional<Tensor> normalized_weights(const Examples& examples);
std::optional<Tensor> normalized_weights(const RowSource& rows);

}  // namespace hillock

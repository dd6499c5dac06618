// The weights of rows as a loss wants them.
#pragma once

#include <optional>
#include <string_view>

#include "hillock/tensor.h"

namespace hillock {

struct Examples;
class RowSource;

// Throws Error unless `examples` have no weights or one for each row, of `dtype`, finite, ≥ 0, and not all 0. `where`
// opens the message: "train: the training".
void require_weights(const Examples& examples, DType dtype, std::string_view where);
void require_weights(const RowSource& rows, DType dtype, std::string_view where);

// The weights brought to a mean of 1; nothing where there are none or all rows weigh the same, so that these are
// trained on as if they had none, to the bit. They have passed require_weights. Trainer does it itself; whoever takes
// TrainingStep::run row by row does it over all rows.
std::optional<Tensor> normalized_weights(const Examples& examples);
std::optional<Tensor> normalized_weights(const RowSource& rows);

}  // namespace hillock

// What metrics and comparisons check before they judge.
#pragma once

#include <string_view>

#include "hillock/tensor.h"

namespace hillock {

// Throws Error unless `predictions` are floats [rows, outputs] with an output at least, `targets` have as many rows,
// and `weights`, where there are any, are one float a row, finite, ≥ 0 and not all 0. `where` opens the message.
void require_judged(std::string_view where, const Tensor& predictions, const Tensor& targets, const Tensor* weights);
// Throws Error unless `labels` are integers [rows] that stand for the classes which `predictions` have outputs for.
void require_labels(std::string_view where, const Tensor& predictions, const Tensor& labels);
// Throws Error unless `targets` are floats, as many as `predictions`.
void require_numbers(std::string_view where, const Tensor& predictions, const Tensor& targets);

}  // namespace hillock

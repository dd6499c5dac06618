// Checks that metrics and comparisons make first.
#pragma once

#include <string_view>

#include "hillock/tensor.h"

namespace hillock {

// Throws Error unless `predictions` are floats [rows, outputs] with at least one output, `targets` have as many rows,
// and `weights`, if there are any, are floats [rows], finite, ≥ 0 and not all 0. `where` begins the message.
void require_judged(std::string_view where, const Tensor& predictions, const Tensor& targets, const Tensor* weights);
// Throws Error unless `labels` are integers [rows] that are numbers of the classes among the outputs of `predictions`.
void require_labels(std::string_view where, const Tensor& predictions, const Tensor& labels);
// Throws Error unless `targets` are floats, as many as `predictions`.
void require_numbers(std::string_view where, const Tensor& predictions, const Tensor& targets);

}  // namespace hillock

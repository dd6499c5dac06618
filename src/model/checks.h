// What is asked of rows before a model takes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"
#include "hillock/tensor.h"

namespace hillock {

struct Model;

// Each throws Error, which begins with `where`. Rows: f32 or f64 [count, columns].
void require_rows(std::string_view where, const Tensor& rows, std::size_t columns);
void require_columns(std::string_view where, const Dataset& data, const std::vector<std::string>& columns);
// Of data with targets: the model's task, targets and classes.
void require_same_targets(std::string_view where, const Model& model, const Dataset& data);

}  // namespace hillock

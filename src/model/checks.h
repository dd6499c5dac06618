// Checks rows before a model uses them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"
#include "hillock/tensor.h"

namespace hillock {

struct Model;

// All throw Error that begins with `where`. Rows must be f32 or f64 [count, columns].
void require_rows(std::string_view where, const Tensor& rows, std::size_t columns);
void require_columns(std::string_view where, const Dataset& data, const std::vector<std::string>& columns);
// Checks data with targets: they must have the model's task, targets and classes.
void require_same_targets(std::string_view where, const Model& model, const Dataset& data);

}  // namespace hillock

// Rows given by the names of their columns, and predictions for them.
#pragma once

#include <span>
#include <vector>

#include "data/cells.h"
#include "hillock/model.h"

namespace hillock {

// The row in the form that Model::predict takes, by the rules and in the number range of the model's files. Throws
// Error as ModelPredictor::predict does.
std::vector<double> row_of(const Model& model, const CellRules& rules, DType rows, std::span<const NamedCell> cells);
Prediction prediction_of(const Model& model, const std::vector<double>& outputs);

}  // namespace hillock

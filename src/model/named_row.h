// A row that is given by the names of its columns, and what is predicted for it.
#pragma once

#include <span>
#include <vector>

#include "data/cells.h"
#include "hillock/model.h"

namespace hillock {

// The row as Model::predict takes it, by the rules and in the range of numbers of the model's files. Throws Error as
// ModelPredictor::predict.
std::vector<double> row_of(const Model& model, const CellRules& rules, DType rows, std::span<const NamedCell> cells);
Prediction prediction_of(const Model& model, const std::vector<double>& outputs);

}  // namespace hillock

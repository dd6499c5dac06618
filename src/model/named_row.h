// A row that is given by the names of its columns, and what is predicted for it.
#pragma once

#include <span>
#include <vector>

#include "hillock/model.h"

namespace hillock {

// The row as Model::predict takes it. Throws Error as ModelPredictor::predict.
std::vector<double> row_of(const Model& model, std::span<const NamedCell> cells);
Prediction prediction_of(const Model& model, const std::vector<double>& outputs);

}  // namespace hillock

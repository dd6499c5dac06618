// Builds the model that training begins with: network, loss, encoding and scaling.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hillock/encoding.h"
#include "hillock/model.h"
#include "hillock/recipe.h"
#include "hillock/table.h"
#include "table/start.h"

namespace hillock {

// All parameters are still zero. `where` names the data in messages.
Model build_model(const TableOptions& options, const std::optional<Start>& start, const Dataset& train,
                  const Recipe& recipe, const std::string& where);

// Tells which inputs become of each column of dates.
void note_date_inputs(const Model& model, std::vector<std::string>& notes);

// The network's embeddings as they are trained: some categories are replaced at random by the unknown one, so that its
// vector is trained for categories that occur later.
std::vector<nn::Embedding> choose_embeddings(const TableOptions& options, const Encoding& encoding);

}  // namespace hillock

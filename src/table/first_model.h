// The model that a training begins with: network, loss, encoding and scaling.
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

// All parameters are zero yet. `where` stands for the data in messages.
Model build_model(const TableOptions& options, const std::optional<Start>& start, const Dataset& train,
                  const Recipe& recipe, const std::string& where);

// The network's tables as they are trained: with categories that stand for those that come later.
std::vector<nn::Embedding> choose_embeddings(const TableOptions& options, const Encoding& encoding);

}  // namespace hillock

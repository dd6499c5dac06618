// What cross-validation says.
#pragma once

#include <string>

#include "hillock/table.h"
#include "print/score_table.h"

namespace hillock::program {

// "5 folds   accuracy 0.861 ± 0.004 …": means and standard deviations over folds, a line for network and linear model,
// and where `model`, which says what is predicted, has several targets, such lines for each.
std::string describe_folds(const FoldScores& scores, const Model& model);
// {"count", "spread": what it is, "network": {metric: {"mean", "spread", "values"}}, "linear": …}; of several targets
// also "targets": {name: {"network": …, "linear": …}}.
Json to_json(const FoldScores& scores, const Model& model);

}  // namespace hillock::program

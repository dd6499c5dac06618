// The results of cross-validation.
#pragma once

#include <string>

#include "hillock/table.h"
#include "print/score_table.h"

namespace hillock::program {

// "5 folds   accuracy 0.861 ± 0.004 …": means and standard deviations over the folds, on a line each for the network
// and the linear model. If `model` has several targets, such lines follow for each of them.
std::string describe_folds(const FoldScores& scores, const Model& model);
// {"count", "spread": what it is, "network": {metric: {"mean", "spread", "values"}}, "linear": …}; with several targets
// also "targets": {name: {"network": …, "linear": …}}.
Json to_json(const FoldScores& scores, const Model& model);

}  // namespace hillock::program

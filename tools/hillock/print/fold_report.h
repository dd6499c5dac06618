// What cross-validation says.
#pragma once

#include <string>

#include "hillock/table.h"
#include "print/score_table.h"

namespace hillock::program {

// "5 folds   accuracy 0.861 ± 0.004 …": means and standard deviations over folds, a line for network and linear model.
std::string describe_folds(const FoldScores& scores, Task task);
// {"count", "spread": what it is, "network": {metric: {"mean", "spread", "values"}}, "linear": …}
Json to_json(const FoldScores& scores, Task task);

}  // namespace hillock::program

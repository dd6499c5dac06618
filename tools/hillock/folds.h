// Cross-validation: every row is tested once, by a network that did not see it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "print/report.h"
#include "scores.h"

namespace hillock::program {

// What each fold's network and linear model reach on the fold's rows.
struct FoldScores {
  std::vector<Metrics> network, linear;
};

// Trains a network on all rows but the fold's for each of `splits` of `whole`, as `arguments` say, by `train`. Stops
// early, with fewer scores, when the user interrupts.
FoldScores run_folds(const TrainArguments& arguments, const Dataset& whole, const std::vector<Split>& splits,
                     const std::function<Outcome(Job&)>& train);

// "5 folds   accuracy 0.861 ± 0.004 …": means and standard deviations over folds, a line for network and linear model.
std::string describe_folds(const FoldScores& scores, Task task);
// {"count", "spread": what it is, "network": {metric: {"mean", "spread", "values"}}, "linear": …}
Json to_json(const FoldScores& scores, Task task);

}  // namespace hillock::program

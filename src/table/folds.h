// Cross-validation: every row is tested once, by a network that did not see it.
#pragma once

#include <string_view>
#include <vector>

#include "hillock/data.h"
#include "hillock/train.h"
#include "table/fit.h"
#include "table/options.h"

namespace hillock {

// What each fold's network and linear model reach on the fold's rows.
struct FoldScores {
  std::vector<Metrics> network, linear;

  // Without one the linear model did not come to an end in every fold.
  bool has_linear() const { return linear.size() == network.size(); }
};

// Trains a network on all rows but the fold's for each of `splits` of `whole`, of which `listener` is told. Stops
// early, with fewer scores, when it interrupts.
FoldScores run_folds(const TableOptions& options, const Dataset& whole, const std::vector<Split>& splits,
                     const TrainingListener& listener = {});

// One metric over the folds.
struct FoldFigure {
  std::string_view name;  // "rmse", "accuracy", …
  std::vector<double> values;
  double mean = 0;
  double spread = 0;  // the standard deviation, with n − 1
};
// rmse, mae and r2, or accuracy, log_loss and, where every fold has one, auc.
std::vector<FoldFigure> fold_figures(const std::vector<Metrics>& folds, Task task);

}  // namespace hillock

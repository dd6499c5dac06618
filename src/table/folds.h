// Cross-validation: every row is tested once, by a network that was not trained on it.
#pragma once

#include <vector>

#include "hillock/table.h"

namespace hillock {

// For each of `splits` of `whole`, trains a network on the training rows and scores it on the fold's rows. `listener`
// is notified of each. If it interrupts, returns early with fewer scores.
FoldScores run_folds(const TableOptions& options, const Dataset& whole, const std::vector<Split>& splits,
                     const TrainingListener& listener);

}  // namespace hillock

// Cross-validation: every row is tested once, by a network that did not see it.
#pragma once

#include <vector>

#include "hillock/table.h"

namespace hillock {

// Trains a network on all rows but the fold's for each of `splits` of `whole`, of which `listener` is told. Stops
// early, with fewer scores, when it interrupts.
FoldScores run_folds(const TableOptions& options, const Dataset& whole, const std::vector<Split>& splits,
                     const TrainingListener& listener);

}  // namespace hillock

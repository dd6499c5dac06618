// What a network has to beat: a constant and a linear model, trained on the same data and judged in the same way.
#pragma once

#include "hillock/table.h"
#include "table/job.h"

namespace hillock {

// The scores of the constant alone.
Scores constant_scores(const PreparedJob& job);

// `network` are the scores of the trained network. They are taken for the linear model if the network has no hidden
// layers.
Baselines baselines(const PreparedJob& job, const Scores& network);

}  // namespace hillock

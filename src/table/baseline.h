// What a network has to beat: a constant and a linear model of the same data, judged the same way.
#pragma once

#include "hillock/table.h"
#include "table/job.h"

namespace hillock {

// The constant alone.
Scores constant_scores(const PreparedJob& job);

// `network`: the scores of the trained one, which are the linear model's if it has no hidden layers.
Baselines baselines(const PreparedJob& job, const Scores& network);

}  // namespace hillock

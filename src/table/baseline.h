// What a network has to beat: a constant and a linear model of the same data, judged the same way.
#pragma once

#include <optional>

#include "table/job.h"
#include "table/scores.h"

namespace hillock {

struct Baselines {
  Scores constant;               // the mean of the training targets, or how often each class occurs
  std::optional<Scores> linear;  // nothing if it did not come to an end
  // The network against the linear model on test rows, or validation rows where there are none. Nothing without either,
  // or if the network has no hidden layers.
  std::optional<Comparison> comparison{};
};

// The constant alone.
Scores constant_scores(const Job& job);

// `network`: the trained one, whose scores are the linear model's if it has no hidden layers.
Baselines baselines(const Job& job, const Scores& network);

}  // namespace hillock

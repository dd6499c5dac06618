// Metrics of each part of the data.
#pragma once

#include <optional>

#include "hillock/network.h"
#include "hillock/train.h"
#include "table/job.h"

namespace hillock {

struct Scores {
  std::optional<Metrics> train, validation, test;

  // What a reader should look at: the test rows, else the validation rows, else the training rows.
  const Metrics& best() const { return test ? *test : validation ? *validation : *train; }
  const char* best_name() const { return test ? "test" : validation ? "validation" : "train"; }
};

Scores score(const Network& network, const Job& job);

}  // namespace hillock

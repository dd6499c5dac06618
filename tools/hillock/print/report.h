// What `train` says at its end: the report for a person, the JSON object for a program, and the record in the model
// file.
#pragma once

#include <optional>
#include <string>

#include "hillock/train.h"
#include "print/scores.h"
#include "table/baseline.h"
#include "table/fit.h"
#include "table/job.h"

namespace hillock::program {

// How training went and how good the network is.
struct Outcome : Fit {
  Scores scores;
  std::optional<Baselines> baselines;
  std::optional<Tensor> few_predictions;  // of job.few's rows
};

// Before training: what was decided.
std::string describe_job(const Job& job);
// After it: how it ended and how good it is.
std::string describe_outcome(const Job& job, const Outcome& outcome);

// What save_model keeps in Model::training.
Json training_record(const Job& job, const Outcome& outcome);
// The object that --json prints; `path` is the model's.
Json results_json(const Job& job, const Outcome& outcome, const std::string& path);

}  // namespace hillock::program

// What `train` says at its end: the report for a person, the JSON object for a program, and the record in the model
// file.
#pragma once

#include <optional>
#include <string>

#include "baseline.h"
#include "hillock/train.h"
#include "job.h"
#include "scores.h"

namespace hillock::program {

// How training went, all restarts together.
struct Outcome {
  TrainResult result;  // of the weights that are kept
  std::int64_t restarts = 0;
  double seconds = 0;  // of all of them
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

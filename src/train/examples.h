// What is checked before the first step.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hillock/train.h"

namespace hillock {

// Throws Error if epochs or rate cannot be.
void require_options(const TrainOptions& options, DType dtype);
// Throws Error if the examples do not fit the network; `what` says which rows they are: "training".
void require_examples(const Network& network, const Examples& examples, std::string_view what);
// The type of the targets of `batch` rows.
TensorType batch_targets(const Tensor& targets, std::int64_t batch);

// A step that updated nothing.
struct FailedStep {
  const void* features;
  const void* targets;
  std::int64_t number;
  double rate;
  std::uint64_t seed;
  const void* weights;
};
// What went wrong in it, computed again on the step's network.
std::string explain_not_finite(const TrainingStep& step, const FailedStep& failed, double loss);

}  // namespace hillock

// What is checked before the first step.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hillock/train.h"

namespace hillock {

// Throws Error for a number that cannot be for this network, whatever the data are.
void require_options(const TrainOptions& options, const Network& network);
// Throws Error for a network of several layers of which nobody has said what it begins with (Network::initialized):
// layers above layers of zeros learn nothing. Asked after the fit phase, which may say it.
void require_initialized(const Network& network, std::string_view where);
// Throws Error unless the scale is a finite factor other than 0 and a finite offset, for all outputs or for each.
void require_scale(const TargetScale& scale, std::string_view where, std::int64_t outputs);
// Throws Error unless these are rows of the network, one at least, each with a target. `where` opens the message,
// `what` says which rows they are, if it is not empty: "train", "training".
void require_rows(const Network& network, const RowSource& rows, std::string_view where, std::string_view what);
void require_examples(const Network& network, const Examples& examples, std::string_view where, std::string_view what);
// The examples as a source. Throws Error, in the same words, unless their types fit.
MemoryRows rows_of(const Network& network, const Examples& examples, std::string_view where, std::string_view what);

// A step that updated nothing.
struct FailedStep {
  RowsView rows;
  std::int64_t number;
  double rate;
  std::uint64_t seed;
};
// What went wrong in it, computed again on the step's network.
std::string explain_not_finite(const TrainingStep& step, const FailedStep& failed, double loss);

}  // namespace hillock

// Checks that are made before the first step.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hillock/train.h"

namespace hillock {

// Throws Error for options that are wrong for this network, whatever the data.
void require_options(const TrainOptions& options, const Network& network);
// Throws Error for a network of several layers whose parameters were never set (Network::initialized): layers on top of
// layers of zeros learn nothing. To be called after the fit phase, which may set parameters.
void require_initialized(const Network& network, std::string_view where);
// Throws Error unless the scale has finite factors other than 0 and finite offsets, one for all outputs or one each.
void require_scale(const TargetScale& scale, std::string_view where, std::int64_t outputs);
// Throws Error unless there is at least one row, and the rows fit the network and have targets. `where` begins the
// message; `what`, unless empty, says which rows they are: "train", "training".
void require_rows(const Network& network, const RowSource& rows, std::string_view where, std::string_view what);
void require_examples(const Network& network, const Examples& examples, std::string_view where, std::string_view what);
// Makes a source of the examples. Throws Error, with the same texts, unless their types fit.
MemoryRows rows_of(const Network& network, const Examples& examples, std::string_view where, std::string_view what);

// A step that updated nothing because loss or gradient was not finite.
struct FailedStep {
  RowsView rows;
  std::int64_t number;
  double rate;
  std::uint64_t seed;
};
// Computes the step again on its network to find out what went wrong.
std::string explain_not_finite(const TrainingStep& step, const FailedStep& failed, double loss);

}  // namespace hillock

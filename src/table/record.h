// The record of a training that Model::training keeps, as JSON (docs/model-format.md).
#pragma once

#include <optional>
#include <string>

#include "hillock/table.h"
#include "table/fit.h"
#include "table/job.h"

namespace hillock {

// `job` must hold the trained network.
std::string training_record(const PreparedJob& job, const Fit& fit, const Scores& scores,
                            const std::optional<Baselines>& baselines);

}  // namespace hillock

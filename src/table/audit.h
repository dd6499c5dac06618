// What looks wrong about data, training or result: told at the end, where it is read.
#pragma once

#include <optional>
#include <vector>

#include "table/baseline.h"
#include "table/job.h"

namespace hillock {

// Constant and duplicate columns; columns that alone, or two together, give the target away; rows that are in two
// parts; classes too rare in the test rows to be judged. Reads the parts before they are encoded.
std::vector<Warning> find_data_warnings(const Parts& parts);

// Units that no training row moves, where they are many; a validation loss that rose well after its lowest, judged by
// what the constant of `baselines` loses. Nothing after training that ended with a loss or weights that are not finite.
// Both need 20 rows.
std::vector<Warning> find_training_warnings(const Job& job, const TrainResult& result,
                                            const std::optional<Baselines>& baselines);

}  // namespace hillock

// What looks wrong about data, training or result.
#pragma once

#include <optional>
#include <vector>

#include "hillock/audit.h"
#include "hillock/table.h"
#include "table/job.h"

namespace hillock {

// audit_table for splits that are known to be consistent.
std::vector<Warning> find_data_warnings(const TableSplits& splits);
// find_leaks for such a split.
std::vector<Leak> leaks_of(const Dataset& train);

// Units that no training row moves, where they are many; a validation loss that rose well after its lowest, judged by
// what the constant of `baselines` loses. Nothing after training that ended with a loss or weights that are not finite.
// Both need 20 rows.
std::vector<Warning> find_training_warnings(const PreparedJob& job, const TrainResult& result,
                                            const std::optional<Baselines>& baselines);

}  // namespace hillock

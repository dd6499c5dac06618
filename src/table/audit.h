// Looks for what seems wrong with the data, the training or its result.
#pragma once

#include <optional>
#include <vector>

#include "hillock/audit.h"
#include "hillock/table.h"
#include "table/job.h"

namespace hillock {

// audit_table for splits that have been checked already.
std::vector<Warning> find_data_warnings(const TableSplits& splits);
// find_leaks for a split that has been checked already.
std::vector<Leak> leaks_of(const Dataset& train);

// Warns of layers in which most units are dead or saturated for every training row, and of a validation loss that rose
// well above its minimum, compared with the loss of the constant in `baselines`. Returns nothing if training ended with
// a loss or weights that are not finite. Both checks need at least 20 rows.
std::vector<Warning> find_training_warnings(const PreparedJob& job, const TrainResult& result,
                                            const std::optional<Baselines>& baselines);

}  // namespace hillock

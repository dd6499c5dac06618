// Accounts for the columns of a job's data: what became of each.
#pragma once

#include <vector>

#include "hillock/columns.h"
#include "hillock/data.h"

namespace hillock {

struct Model;

// For data without a record of how they were read: every column is a feature, followed by the targets.
std::vector<ReadColumn> read_columns_of(const Dataset& data);

// Completes the account in `read`: features and targets are described as by columns_of(model), with the
// missing cells and ranges of `train`, whose rows are not encoded yet.
std::vector<ColumnAccount> account_for_columns(const std::vector<ReadColumn>& read, const Model& model,
                                               const Dataset& train);

}  // namespace hillock

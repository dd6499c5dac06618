// What became of the columns of a job's data.
#pragma once

#include <vector>

#include "hillock/columns.h"
#include "hillock/data.h"

namespace hillock {

struct Model;

// Of data that come without an account of how they were read: every column is a feature, and then come the targets.
std::vector<ReadColumn> read_columns_of(const Dataset& data);

// The account of `read`: features and target as columns_of(model) has them, with the missing cells of `train`, whose
// rows are not encoded yet.
std::vector<ColumnAccount> account_for_columns(const std::vector<ReadColumn>& read, const Model& model,
                                               const Dataset& train);

}  // namespace hillock

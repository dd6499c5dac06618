// The data of a training job: read, and cut into training, validation and test rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hillock/table.h"

namespace hillock {

struct LoadedParts {
  std::string source;  // what they were read from, for messages
  TableParts parts;
  std::vector<ReadColumn> columns;  // of parts.train
  double validation = 0, test = 0;  // the fractions of parts.train that are to be set aside
  std::int64_t rows = 0;            // of all parts
  std::vector<std::string> notes;
  std::vector<Split> folds;      // of `whole`, where the options ask for them
  std::optional<Dataset> whole;  // all rows, where there are folds
};

// Reads the data `what` (load_data) and whatever options.validation and options.test name. Throws Error.
LoadedParts read_parts(const std::string& what, const TableOptions& options);
// The same from rows in memory; parts that are there already are kept. Throws Error if they contradict themselves, each
// other or the options.
LoadedParts parts_of(TableParts data, const TableOptions& options);
// Sets rows aside by options.seed, or draws the folds.
void split_parts(const TableOptions& options, LoadedParts& loaded);
// Whether other seeds give other parts; asked before the split.
bool splits_by_seed(const LoadedParts& loaded);

// Leaves out columns of which no training row has a cell, and says so: they teach nothing, and a model could not tell
// what they hold.
void drop_columns_without_cells(LoadedParts& loaded);

}  // namespace hillock

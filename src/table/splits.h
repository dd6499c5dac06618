// The data of a training job: read, and cut into training, validation and test rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hillock/table.h"

namespace hillock {

struct LoadedSplits {
  std::string source;  // what they were read from, for messages
  TableSplits splits;
  std::vector<ReadColumn> columns;  // of splits.train
  double validation = 0, test = 0;  // the fractions of splits.train that are to be set aside
  std::int64_t rows = 0;            // of all splits
  std::vector<std::string> notes;
  std::vector<Split> folds;      // of `whole`, where the options ask for them
  std::optional<Dataset> whole;  // all rows, where there are folds
};

// Reads the data `what` (load_data) and whatever options.validation and options.test name. Throws Error.
LoadedSplits read_splits(const std::string& what, const TableOptions& options);
// The same from rows in memory; splits that are there already are kept. Throws Error if they contradict themselves,
// each other or the options.
LoadedSplits splits_of(TableSplits data, const TableOptions& options);
// Sets rows aside by options.seed, or draws the folds.
void draw_splits(const TableOptions& options, LoadedSplits& loaded);
// Whether other seeds give other splits; asked before the split.
bool splits_by_seed(const LoadedSplits& loaded);

// Leaves out columns of which no training row has a cell, and says so: they teach nothing, and a model could not tell
// what they hold.
void drop_columns_without_cells(LoadedSplits& loaded);

}  // namespace hillock

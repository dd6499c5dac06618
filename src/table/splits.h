// Reads the data of a training job and splits them into training, validation and test rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hillock/table.h"

namespace hillock {

struct LoadedSplits {
  std::string source;  // the path or name that they were read from, for messages
  TableSplits splits;
  std::vector<ReadColumn> columns;         // of splits.train
  std::string validation_file, test_file;  // where these rows have files of their own
  double validation = 0, test = 0;         // the fractions of splits.train that are still to be set aside
  std::int64_t rows = 0;                   // in all splits together
  std::optional<Fingerprint> fingerprint;  // of the file that they were read from
  std::vector<std::string> notes;
  std::vector<Split> folds;      // of `whole`, if the options ask for folds
  std::optional<Dataset> whole;  // all rows, if there are folds
};

// Reads the data `what` (see load_data) and the files that options.validation and options.test name. Throws Error.
// `fingerprint`: whether LoadedSplits::fingerprint is wanted.
LoadedSplits read_splits(const std::string& what, const TableOptions& options, bool fingerprint = true);
// The same for rows in memory; splits that are already there are kept. Throws Error if they contradict themselves, each
// other or the options.
LoadedSplits splits_of(TableSplits data, const TableOptions& options);
// Sets rows aside as options.seed decides, or draws the folds.
void draw_splits(const TableOptions& options, LoadedSplits& loaded);
// Whether the splits depend on the seed; to be asked before the split.
bool splits_by_seed(const LoadedSplits& loaded);

// Leaves out, with a note, columns in which no training row has a cell: nothing can be learned from them.
void drop_columns_without_cells(LoadedSplits& loaded);

}  // namespace hillock

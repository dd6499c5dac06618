// Checks of a table's rows before anything is trained on them: leakage, uninformative columns, rows shared between
// splits.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// The three splits of a table: rows to train on, rows that choose the best epoch, and rows that choose nothing.
struct TableSplits {
  Dataset train;
  std::optional<Dataset> validation{}, test{};
};

// Something that a reader of the results should know.
struct Warning {
  std::string kind;     // a fixed identifier, the same in every version: "leakage", "shared-rows", …
  std::string message;  // a sentence, whose wording may change
};

// Reports constant columns ("constant-columns"), duplicate columns ("duplicate-columns"), columns that alone or in
// pairs determine the target ("leakage", see find_leaks), rows that occur in two splits ("shared-rows"), and classes
// with too few test rows to be scored ("rare-classes"). The splits must be as load_data read them, not scaled. Fewer
// than 20 rows, which may agree by chance, and images are not checked.
//
// The time is proportional to rows × columns, plus rows × pairs of columns for the first 60 numeric columns.
// Thread-safe. Throws Error if a dataset is inconsistent.
std::vector<Warning> audit_table(const TableSplits& splits);

// A column, or a pair of numeric columns, that predicts a target almost without error.
struct Leak {
  std::size_t first = 0;  // positions in Dataset::columns
  std::optional<std::size_t> second{};
  std::string_view measure;  // which measure `share` is: "R²", "AUC" or "errors removed"
  double share = 0;
  std::size_t target = 0;  // position in Dataset::all_targets()
};

// Finds the columns that leak a target. A single column leaks if its measure is at least 0.995:
// - regression: the R² of the best straight line or, for a categorical column, of the mean of each category;
// - two classes: the AUC of the number, in either direction, or of the share of the second class among the other rows
//   of the row's category;
// - more classes, categorical columns only: the share of the errors of the most frequent class that are removed by
//   predicting the most frequent class of each category.
// A pair of numeric columns leaks a regression target if neither column does alone and the R² of the best plane over
// both is at least 0.9999. A categorical column with fewer than five rows per category on average is not considered.
// At most 100 000 rows, 300 columns, and the pairs among the first 60 numeric columns are examined. Throws Error if the
// dataset is inconsistent.
std::vector<Leak> find_leaks(const Dataset& train);

}  // namespace hillock

// What looks wrong about the rows of a table before anything is trained on them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/data.h"

namespace hillock {

// Rows to train on, rows that choose the best epoch, rows that choose nothing.
struct TableSplits {
  Dataset train;
  std::optional<Dataset> validation{}, test{};
};

// Something that a reader of the results should know.
struct Warning {
  std::string kind;     // a word that stays the same from version to version: "leakage", "shared-rows", …
  std::string message;  // a sentence, which may change
};

// Constant and duplicate columns; columns that alone, or two together, give the target away; rows that are in two
// splits; classes too rare in the test rows to be judged. The splits are as they were read (load_data), not scaled.
// Says nothing about fewer than 20 rows, which may well agree by chance, or about images. The kinds: constant-columns,
// duplicate-columns, leakage, shared-rows, rare-classes.
//
// The time grows with rows × columns, and for up to 60 numeric columns with the pairs of them. Any thread may call it.
// Throws Error if a dataset contradicts itself.
std::vector<Warning> audit_table(const TableSplits& splits);

// One column, or two numeric ones together, from which a target follows nearly without error.
struct Leak {
  std::size_t first = 0;  // positions in Dataset::columns
  std::optional<std::size_t> second{};
  std::string_view measure;  // what `share` is: "R²", "AUC", "errors removed"
  double share = 0;
  std::size_t target = 0;  // position in Dataset::all_targets()
};

// A column leaks if from it alone the target follows with R² (the best straight line, or the mean of each category;
// regression) or AUC (two classes, a number in either direction; a category scores by the share of the second class
// among its other rows) of at least 0.995, or, for more classes, if the most frequent class of each category makes so
// much less errors than the most frequent class of all. Two numeric columns leak if a plane over them does so for a
// regression (to 0.9999) and neither does alone. Categories of fewer than five rows on average are no evidence. At most
// 100 000 rows and 300 columns are looked at, and pairs of the first 60 numeric ones. Throws Error if the dataset
// contradicts itself.
std::vector<Leak> find_leaks(const Dataset& train);

}  // namespace hillock

// Data in memory, and how it gets there: tables (CSV, TSV), NumPy arrays, IDX images, built-in sets; rows chosen for
// training, validation and test; scaling.
//
// Everything is read at once and held in memory. This version reads numeric feature columns only: text, missing and
// infinite cells are refused with the place where they stand. All functions may be called from any thread; none keeps
// state.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/tensor.h"

namespace hillock {

enum class Task : std::uint8_t { classification, regression };

// "classification", "regression".
std::string_view name_of(Task task);
// Throws Error for anything else.
Task task_from_name(std::string_view name);

// none: values as they are; standard: mean 0 and variance 1; minmax: smallest 0 and largest 1. Each column by itself.
enum class Scale : std::uint8_t { none, standard, minmax };

// "none", "standard", "minmax".
std::string_view name_of(Scale scale);
// Throws Error for anything else.
Scale scale_from_name(std::string_view name);

// Rows of numbers with what is to be predicted from them. Movable and copyable; a copy copies the elements.
struct Dataset {
  std::string name;  // the file's stem or the built-in set's name: "iris" for "data/iris.csv.gz"
  Task task = Task::classification;
  Tensor features;  // f32 or f64 [rows, columns], finite
  // classification: i32 [rows] in [0, classes); regression: the features' dtype, [rows, 1], finite.
  // Without memory (see has_targets) where a file was read for prediction.
  Tensor targets;
  // How much each row counts (docs/training.md): the features' dtype, [rows], finite, ≥ 0. Without memory where rows all
  // count alike.
  Tensor weights;
  std::vector<std::string> columns;  // the features' names, as many as there are columns
  std::string target;                // the target column's name
  std::vector<std::string> classes;  // classification: the name of each class, by its number
  Shape sample_shape;                // one row: [columns] for a table, [height, width] for images
  Scale scale = Scale::standard;     // what suits these features unless the user says otherwise; nothing is scaled here

  std::int64_t rows() const { return features.raw() == nullptr ? 0 : features.shape()[0]; }
  std::int64_t feature_count() const { return features.raw() == nullptr ? 0 : features.shape()[1]; }
  bool has_targets() const { return targets.raw() != nullptr; }
  bool has_weights() const { return weights.raw() != nullptr; }
};

// How to read. For training, `target` and perhaps `task` are given. To evaluate a model, or to read a second file of
// the same kind, fill in everything the model knows: target, task, expected_columns, expected_classes. For prediction
// the same with `require_target = false`.
struct ReadOptions {
  // The target column: its name, else "last", else its number counted from 1 as spreadsheets do (a column named "3"
  // wins over the third column). Required for tables; for .npy see load_data; built-in sets and IDX know their own.
  std::string target{};
  // Unset: text, or exactly two distinct values → classification; numbers with more values → regression.
  std::optional<Task> task{};
  DType dtype = DType::f32;  // of the features and of regression targets: f32 or f64
  // false: the target column may be absent; where it is present it is left out unread, and Dataset::targets stays
  // empty.
  bool require_target = true;
  // Not empty: the features are these columns in this order, matched by name; further columns are ignored; a missing
  // one is an Error. A file without a header may have exactly these columns, or these followed by the target, in order;
  // columns called c1, c2, … (a model trained without a header) are matched by position if the file has that many.
  std::vector<std::string> expected_columns{};
  // Not empty: the classes, in this order; another label is an Error. One class alone is accepted.
  std::vector<std::string> expected_classes{};
  // Whether the first line of a table names the columns. Unset: it does if one of its cells is text where the lines
  // below have numbers, or if it holds the target's or an expected column's name.
  std::optional<bool> header{};
};

struct LoadedData {
  Dataset train;                   // all rows, unless the source brings a test part of its own
  std::optional<Dataset> test;     // IDX: the t10k files
  std::vector<std::string> notes;  // decisions worth telling the user, one sentence each: "5 distinct whole numbers …"
};

// Reads `what`: a path, "-" (a table from stdin) or the name of a built-in set; a path that exists wins. What a file
// holds is told by its content; gzip is undone first.
// - A table: RFC 4180 quoting; delimiter , ; tab or |, whichever splits the first lines evenly; LF, CRLF or CR; a byte
// order
//   mark, blank lines and spaces around cells are ignored. Numbers as in C ("-1.5e3", "+2"); without a header the
//   columns are c1, c2, …. Cells that count as missing, in any case: empty ? NA N/A NaN null - (in a text target "-" is
//   a label). Classes of a numeric target are sorted by value, of a text target alphabetically.
// - A NumPy array .npy (versions 1 to 3; f4, f8, integers, bool; little endian, C order): [rows, ...], columns c1, c2,
// ….
//   The target is the column that `target` says; without it, the file `<stem>-labels.npy` (classes) or
//   `<stem>-targets.npy` (the general rule) beside it, [rows] or [rows, 1]; without these, the last column.
// - A directory with MNIST's names: train-images-idx3-ubyte, train-labels-idx1-ubyte, and perhaps the same with t10k,
// each
//   with or without .gz. Pixels are divided by 255; the target is called "label".
// Throws Error, one line with the place and the remedy, for whatever cannot be read in full.
LoadedData load_data(const std::string& what, const ReadOptions& options = {});

// A table that is already in memory; `where` stands for its path in messages. No gzip.
LoadedData parse_table(std::string_view text, std::string_view where, const ReadOptions& options);

struct BuiltinInfo {
  std::string_view name;
  std::int64_t rows = 0;
  std::int64_t columns = 0;  // features
  std::int64_t classes = 0;  // 0 for regression
  Task task = Task::classification;
  Scale scale = Scale::standard;
  std::string_view about;  // a phrase: what the rows are
  std::string_view source;
  std::string_view licence;
};

// The sets that are part of the library, by name: digits, iris, wdbc, wine, xor. They need no file.
std::vector<BuiltinInfo> builtin_datasets();
// Throws Error with the nearest name if there is no such set.
Dataset load_builtin(std::string_view name, DType dtype = DType::f32);

// Row numbers of three disjoint parts that together hold every row, each ascending.
struct Split {
  std::vector<std::int64_t> train;
  std::vector<std::int64_t> validation;
  std::vector<std::int64_t> test;
};

// Below this many rows split_rows sets none aside.
inline constexpr std::int64_t kMinRowsToSplit = 50;

struct SplitOptions {
  double validation = 0, test = 0;  // fractions of the rows
  std::uint64_t seed = 0;
  // [rows], or empty: rows with the same number (of a patient, a site) stay in one part, whatever their class.
  std::span<const std::int32_t> groups{};
  // [rows], finite, or empty: times. The latest rows are the test, those before them validation; equal times stay in one
  // part. The seed decides nothing.
  std::span<const double> order{};
};

// Draws round(rows × fraction) rows for validation and for test by the seed; for classification each class in
// proportion, and at least one row of every class stays in train. By groups or times parts have about that many rows,
// and none that is asked for is empty. The same arguments give the same rows on every machine. With fewer than
// kMinRowsToSplit rows all are train. Throws Error unless both fractions are ≥ 0 and their sum is < 1, or if there are
// fewer groups or different times than parts.
Split split_rows(const Dataset& dataset, const SplitOptions& options);
Split split_rows(const Dataset& dataset, double validation_fraction, double test_fraction, std::uint64_t seed);

// `count` splits whose tests hold each row once (cross-validation): drawn by the seed, each class spread evenly, or whole
// groups to folds of about the same size. options.validation is the fraction of each fold's other rows; options.test
// and options.order stay unset. There is no least number of rows. Throws Error unless 2 <= count <= rows, or groups.
std::vector<Split> folds(const Dataset& dataset, std::int64_t count, const SplitOptions& options);

// The rows `rows`, in that order (a row may occur twice); everything else as in `dataset`. Throws Error for a row
// number outside [0, rows()).
Dataset take_rows(const Dataset& dataset, std::span<const std::int64_t> rows);

// For each class the weight that makes all of them count the same: Σ weights / (classes × Σ weights of the class), which
// without weights is n / (classes × n of the class), as scikit-learn's "balanced". A class without rows of any weight
// gets 1 and is not counted. Throws Error for a regression or without targets.
std::vector<double> balanced_class_weights(const Dataset& dataset);

// The weight of each row times `by_class` of its class: [rows] of the features' dtype, as ratios (the largest of
// `by_class` stands for 1, so that nothing overflows). Throws Error unless there is a weight for each class, all finite,
// ≥ 0, and not all 0.
Tensor row_weights(const Dataset& dataset, std::span<const double> by_class);

// Shifts and stretches columns: (value − offset) × factor, computed in f64, rounded once. Constant columns have
// factor 1.
struct Scaler {
  Scale kind = Scale::none;
  std::vector<double> offset;  // one per column; empty for Scale::none
  std::vector<double> factor;

  // Learns from the given rows (all, if none are given) of a float tensor [rows, columns]: features or regression
  // targets. The variance is the population's, as in scikit-learn's StandardScaler. Throws Error if there is no row or
  // the values are too large for their variance to be finite.
  static Scaler fit(Scale kind, const Tensor& values, std::span<const std::int64_t> rows = {});
  // Both throw Error if the number of columns is another one.
  void apply(Tensor& values) const;
  // The inverse of apply, up to rounding: value / factor + offset.
  void undo(Tensor& values) const;
};

}  // namespace hillock

// Data in memory, and how it gets there: tables (CSV, TSV), NumPy arrays, IDX images, built-in sets; rows chosen for
// training, validation and test; scaling.
//
// Everything is read at once and held in memory, except by TableReader. All functions may be called from any thread;
// none keeps state.
#pragma once

#include <cstdint>
#include <memory>
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
  // f32 or f64 [rows, columns]: finite numbers; in a categorical column the number of the row's category, or the number
  // of categories for one that is not among them; NaN where the cell is missing.
  Tensor features;
  // classification: i32 [rows] in [0, classes); regression: the features' dtype, [rows, targets], finite.
  // Without memory (see has_targets) where a file was read for prediction.
  Tensor targets;
  // How much each row counts (docs/training.md): the features' dtype, [rows], finite, ≥ 0. Without memory where rows
  // all count alike.
  Tensor weights;
  std::vector<std::string> columns;  // the features' names, as many as there are columns
  // Empty, or for each column the names of its categories; none: the column is numeric.
  std::vector<std::vector<std::string>> categories;
  std::string target;  // the target column's name; of several targets their names, joined by commas
  // Regression of several targets: the name of each column of `targets`. Empty where there is one target.
  std::vector<std::string> target_names;
  std::vector<std::string> classes;  // classification: the name of each class, by its number
  Shape sample_shape;                // one row: [columns] for a table, [height, width] for images
  Scale scale = Scale::standard;     // what suits these features unless the user says otherwise; nothing is scaled here
  // Each empty, or one a row: what the columns hold that ReadOptions calls group (numbered from 0) and time (numbers,
  // or the place of each text among the sorted texts).
  std::vector<std::int32_t> groups;
  std::vector<double> times;

  std::int64_t rows() const { return features.raw() == nullptr ? 0 : features.shape()[0]; }
  std::int64_t feature_count() const { return features.raw() == nullptr ? 0 : features.shape()[1]; }
  bool has_targets() const { return targets.raw() != nullptr; }
  // The name of each target, whether there is one or several.
  std::vector<std::string> all_targets() const {
    return target_names.empty() ? std::vector<std::string>{target} : target_names;
  }
  bool is_categorical(std::size_t column) const { return column < categories.size() && !categories[column].empty(); }
  bool has_weights() const { return weights.raw() != nullptr; }
};

// What is done with missing cells: impute leaves NaN in the features, refuse is an Error, drop_rows leaves their rows
// out.
enum class Missing : std::uint8_t { impute, refuse, drop_rows };
// "impute", "refuse", "drop-rows".
std::string_view name_of(Missing missing);
// Throws Error for anything else.
Missing missing_from_name(std::string_view name);

// How to read. For training, `target` and perhaps `task` are given. To evaluate a model, or to read a second file of
// the same kind, fill in everything the model knows: target, task, expected_columns, expected_classes. For prediction
// the same with `require_target = false`.
struct ReadOptions {
  // The target column: its name, else "last", else its number counted from 1 as spreadsheets do (a column named "3"
  // wins over the third column). Several targets, which are all numbers: each in one of these ways, separated by
  // commas ("height,weight"; a column that is called so wins). Required for tables; for .npy and .npz see load_data;
  // built-in sets and IDX know their own.
  std::string target{};
  // Unset: text, or exactly two distinct values → classification; numbers with more values → regression.
  std::optional<Task> task{};
  DType dtype = DType::f32;  // of the features and of regression targets: f32 or f64
  // f32 and no expected_columns: where a column or the target holds numbers so large and close together that f32 would
  // not tell them apart (times in seconds), everything that would be f32 comes as f64. Otherwise the notes tell of it.
  bool widen = false;
  // Whether LoadedData::fingerprint is wanted; it takes about as long as reading the bytes from memory.
  bool fingerprint = false;
  // false: the target column may be absent; where it is present it is left out unread, and Dataset::targets stays
  // empty.
  bool require_target = true;
  // Not empty: the features are these columns in this order, matched by name; further columns are ignored; a missing
  // one is an Error. A file without a header may have exactly these columns, or these followed by the target, in order;
  // columns called c1, c2, … (a model trained without a header) are matched by position if the file has that many.
  std::vector<std::string> expected_columns{};
  // Not empty: several targets, these columns in this order, by their names; `target` says nothing then.
  std::vector<std::string> expected_targets{};
  // Not empty: the classes, in this order; another label is an Error. One class alone is accepted.
  std::vector<std::string> expected_classes{};
  // As Dataset::categories, for the expected columns. Other texts are other categories; a numeric column with text is
  // an Error.
  std::vector<std::vector<std::string>> expected_categories{};

  // What follows is for tables alone.

  // Whether the first line names the columns. Unset: it does if one of its cells is text where the lines below have
  // numbers, or if it holds the target's or an expected column's name, or if all cells are texts and those of the first
  // line never come again while others do.
  std::optional<bool> header{};
  // Columns that are no features; that are numeric (a text in them is an Error); that are categorical whatever they
  // hold. By name, or number from 1. An unknown one is an Error.
  std::vector<std::string> drop{}, numeric{}, categorical{};
  // Columns that are no features but weights, groups and times of the rows; see Dataset. Empty: none.
  std::string weights{}, group{}, time{};
  // Unset: the one of , ; tab | that splits the first lines evenly.
  std::optional<char> delimiter{};
  char decimal = '.';      // or ','
  std::string comment{};   // lines that begin with it are left out; empty: none
  std::string encoding{};  // as iconv names it; empty: UTF-8, or UTF-16 with a byte order mark
  Missing missing = Missing::impute;
  // Cells that count as missing, in any case. Unset: empty ? NA N/A NaN null -. An empty cell always does.
  std::optional<std::vector<std::string>> missing_tokens{};
};

// What a column of the data is for.
enum class ColumnRole : std::uint8_t { feature, target, weights, group, time, left_out };
// "feature", "target", "weights", "group", "time", "left out".
std::string_view name_of(ColumnRole role);

struct ReadColumn {
  std::string name;
  ColumnRole role = ColumnRole::feature;
  std::string reason{};  // left_out: why, in words that go on from the name: "numbers the rows"
};

// What identifies the content of a file.
struct Fingerprint {
  std::int64_t bytes = 0;  // of the content, decompressed
  std::string sha256;      // of the same bytes, 64 hexadecimal digits: what `sha256sum` prints
};

struct LoadedData {
  Dataset train;                   // all rows, unless the source brings a test part of its own
  std::optional<Dataset> test;     // IDX: the t10k files; .npz: x_test and y_test
  std::vector<std::string> notes;  // decisions worth telling the user, one sentence each: "5 distinct whole numbers …"
  // A table that was read without expected_columns: all of its columns, in its order. Other sources: empty.
  std::vector<ReadColumn> columns;
  std::optional<Fingerprint> fingerprint;  // of a single file or stdin, where ReadOptions asks for it
};

// Reads `what`: a path, "-" (a table from stdin) or the name of a built-in set; a path that exists wins. What a file
// holds is told by its content; gzip is undone first.
// - A table: RFC 4180 quoting; LF, CRLF or CR; a byte order mark, blank lines and spaces around cells are ignored, and
// so
//   are lines of one cell before the first that has as many as the others. Numbers as in C ("-1.5e3", "+2"); without a
//   header the columns are c1, c2, …. A column is numeric if every present cell is a number, an Error if at least 95 %
//   are, and else categorical. Columns that cannot help are left out, with a note: without any value, counting the
//   rows, or with another text in every row. In a text target "-" is a label, not a missing cell. Classes of a numeric
//   target are sorted by value, of a text target alphabetically. Where expected_classes are given, a full stop after a
//   label that is none of them is ignored.
// - A NumPy array .npy (versions 1 to 3; f4, f8, integers, bool; little endian, C order): [rows, ...], columns c1, c2,
// ….
//   The target is the column that `target` says; without it, the file `<stem>-labels.npy` (classes) or
//   `<stem>-targets.npy` (the general rule) beside it, [rows] or [rows, 1]; without these, the last column. Targets
//   [rows, n] are n targets: "targets1", "targets2", ….
// - Several NumPy arrays in one file .npz (numpy.savez, savez_compressed): the features are the array called x, X,
//   features or data, the target the one that `target` names, else the one called y, Y, target(s) (the general rule) or
//   label(s) (classes); where only two arrays are there the other may have any name. A target array [rows, n] holds n
//   targets, called by its name and their number ("y1", "y2"). A `target` that is no array is a
//   column of the features. x_train, y_train, x_test and y_test (or X_…, Y_…) are rows and their own test. One array
//   alone is as in .npy.
// - A directory with MNIST's names: train-images-idx3-ubyte, train-labels-idx1-ubyte, and perhaps the same with t10k,
// each
//   with or without .gz. Pixels are divided by 255; the target is called "label".
// Throws Error, one line with the place and the remedy, for whatever cannot be read in full.
LoadedData load_data(const std::string& what, const ReadOptions& options = {});

// What load_data calls it (Dataset::name), before it is read.
std::string name_of_data(const std::string& what);

// A table that is already in memory; `where` stands for its path in messages. No gzip.
LoadedData parse_table(std::string_view text, std::string_view where, const ReadOptions& options);

// Whether a regular file is read as a table: its beginning is that of no other kind. Throws Error if it cannot be read.
bool holds_table(const std::string& path);

// The rows of a table part by part, in bounded memory, to predict from: for files that are larger than memory. A plain
// file must not be shortened meanwhile; what is compressed or comes from stdin is in memory as a whole.
class TableReader {
 public:
  // `options` are those of a model (Model::read_options); `keep` names columns that are wanted as text. Throws Error
  // where load_data would, but for cells that cannot be used: these are found by next().
  TableReader(const std::string& path, const ReadOptions& options, const std::vector<std::string>& keep = {});
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;
  ~TableReader();

  struct Part {
    std::int64_t rows = 0;
    Tensor features;                // [rows, columns], as in Dataset
    std::vector<std::string> kept;  // [rows, kept columns]
  };
  // The next rows, at most `most_rows`; none at the end.
  Part next(std::int64_t most_rows);
  // What there is to tell about the rows read so far.
  std::vector<std::string> notes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The dataset with the feature columns at these positions, in this order, as a table. Throws Error for a position that
// is none.
Dataset take_columns(const Dataset& dataset, std::span<const std::size_t> positions);
// The dataset without the feature columns at these positions, likewise.
Dataset drop_columns(const Dataset& dataset, std::span<const std::size_t> positions);

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
  // [rows], finite, or empty: times. The latest rows are the test, those before them validation; equal times stay in
  // one part. The seed decides nothing.
  std::span<const double> order{};
};

// Draws round(rows × fraction) rows for validation and for test by the seed; for classification each class in
// proportion, and at least one row of every class stays in train. By groups or times parts have about that many rows,
// and none that is asked for is empty. The same arguments give the same rows on every machine. With fewer than
// kMinRowsToSplit rows all are train. Throws Error unless both fractions are ≥ 0 and their sum is < 1, or if there are
// fewer groups or different times than parts.
Split split_rows(const Dataset& dataset, const SplitOptions& options);
Split split_rows(const Dataset& dataset, double validation_fraction, double test_fraction, std::uint64_t seed);

// `count` splits whose tests hold each row once (cross-validation): drawn by the seed, each class spread evenly, or
// whole groups to folds of about the same size. options.validation is the fraction of each fold's other rows;
// options.test and options.order stay unset. There is no least number of rows. Throws Error unless 2 <= count <= rows,
// or groups.
std::vector<Split> folds(const Dataset& dataset, std::int64_t count, const SplitOptions& options);

// The rows `rows`, in that order (a row may occur twice); everything else as in `dataset`. Throws Error for a row
// number outside [0, rows()).
Dataset take_rows(const Dataset& dataset, std::span<const std::int64_t> rows);
// The same of a tensor whose first axis counts rows.
Tensor take_rows(const Tensor& all, std::span<const std::int64_t> rows);

// For each class the weight that makes all of them count the same: Σ weights / (classes × Σ weights of the class),
// which without weights is n / (classes × n of the class), as scikit-learn's "balanced". A class without rows of any
// weight gets 1 and is not counted. Throws Error for a regression or without targets.
std::vector<double> balanced_class_weights(const Dataset& dataset);

// The weight of each row times `by_class` of its class: [rows] of `dtype` (unset: the features'), as ratios (the
// largest of `by_class` stands for 1, so that nothing overflows). Throws Error unless there is a weight for each class,
// all finite, ≥ 0, and not all 0.
Tensor row_weights(const Dataset& dataset, std::span<const double> by_class, std::optional<DType> dtype = {});

// How columns are shifted and stretched, by nn::scale and back by nn::unscale: (value − offset) × factor. Constant
// columns have factor 1. Missing values (NaN) teach nothing.
struct Scaler {
  Scale kind = Scale::none;
  std::vector<double> offset;  // one per column; empty for Scale::none
  std::vector<double> factor;

  // Learns from the given rows (all, if none are given) of a float tensor [rows, columns]: features or regression
  // targets. The variance is the population's, as in scikit-learn's StandardScaler. Throws Error if there is no row or
  // the values are too large for their variance to be finite.
  static Scaler fit(Scale kind, const Tensor& values, std::span<const std::int64_t> rows = {});
  // A number of a column as it was before it was scaled, up to rounding: value / factor + offset.
  double undo(double value, std::size_t column) const;
};

}  // namespace hillock

// Reading data into memory: tables (CSV, TSV), NumPy arrays, IDX images and built-in data sets; splitting rows into
// training, validation and test; scaling.
//
// Everything except TableReader reads its source at once and holds it in memory. All functions are thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/number_format.h"
#include "hillock/tensor.h"

namespace hillock {

enum class Task : std::uint8_t { classification, regression };

// Returns "classification" or "regression".
std::string_view name_of(Task task);
// Throws Error for any other name.
Task task_from_name(std::string_view name);

// How each column is scaled. none: not at all; standard: to mean 0 and variance 1; minmax: to the range 0 to 1.
enum class Scale : std::uint8_t { none, standard, minmax };

// Returns "none", "standard" or "minmax".
std::string_view name_of(Scale scale);
// Throws Error for any other name.
Scale scale_from_name(std::string_view name);

// How the dates of a column are written. A column of any form may contain dates whose form shows which part is the
// year, the month and the day (2024-03-01, 1 March 2024).
// ymd: no others; dmy and mdy: also 03/01/2024 and 3.1.24, with the day or the month first; digits: numbers such as
// 20240301; time_of_day: times alone, such as 07:30; seconds and milliseconds: also numbers that count from
// 1970-01-01 00:00 UTC.
enum class DateForm : std::uint8_t { ymd, dmy, mdy, digits, time_of_day, seconds, milliseconds };

// Returns "ymd", "dmy", "mdy", "digits", "time-of-day", "seconds" or "milliseconds".
std::string_view name_of(DateForm form);
// Throws Error for any other name.
DateForm date_form_from_name(std::string_view name);
// Writes seconds since 1970-01-01 00:00 UTC as "2024-03-01", or as "2024-03-01 07:30:00" if it is not midnight, or for
// time_of_day as "07:30:00". Writes the number itself if its year is not one of 1 to 9999.
std::string date_text(double seconds, DateForm form = DateForm::ymd);

// Rows of features with their targets. Movable and copyable; a copy copies the elements.
struct Dataset {
  std::string name;  // the file's stem or the built-in set's name: "iris" for "data/iris.csv.gz"
  Task task = Task::classification;
  // f32 or f64 [rows, columns]. A numeric column holds finite numbers. A categorical column holds the number of the
  // row's category in `categories`, or the number of categories for a category that is not listed. NaN: missing cell.
  Tensor features;
  // Classification: i32 [rows] in [0, classes). Regression: [rows, targets], finite, of the features' dtype.
  // Empty (see has_targets) if the data were read for prediction.
  Tensor targets;
  // How much each row counts (docs/training.md): [rows] of the features' dtype, finite, ≥ 0. Empty if all rows count
  // equally.
  Tensor weights;
  std::vector<std::string> columns;  // the name of each feature column
  // Empty, or for each column the names of its categories, which are empty for a numeric column.
  std::vector<std::vector<std::string>> categories;
  // Empty, or for each column how its dates are written, which is empty for a column without dates. The features of a
  // column of dates are seconds since 1970-01-01 00:00 UTC, or since midnight for times of the day.
  std::vector<std::optional<DateForm>> dates;
  std::string target;  // the target column's name; the names joined by commas if there are several targets
  // The name of each column of `targets` in a regression of several targets. Empty if there is one target.
  std::vector<std::string> target_names;
  std::vector<std::string> classes;  // classification: the name of each class, by its number
  Shape sample_shape;                // of one row: [columns] for a table, [height, width] for images
  Scale scale = Scale::standard;     // the recommended scaling of these features, which are not scaled themselves
  // Empty, or one entry per row: the columns that ReadOptions names as `group` (numbered from 0) and `time` (numbers,
  // or the seconds of dates since 1970-01-01 00:00 UTC).
  std::vector<std::int32_t> groups;
  std::vector<double> times;
  // How the numbers of features and targets are written, by the names of their columns; plain numbers are left out.
  NumberFormats formats{};

  std::int64_t rows() const { return features.raw() == nullptr ? 0 : features.shape()[0]; }
  std::int64_t feature_count() const { return features.raw() == nullptr ? 0 : features.shape()[1]; }
  bool has_targets() const { return targets.raw() != nullptr; }
  // The name of each target, whether there is one or several.
  std::vector<std::string> all_targets() const {
    return target_names.empty() ? std::vector<std::string>{target} : target_names;
  }
  bool is_categorical(std::size_t column) const { return column < categories.size() && !categories[column].empty(); }
  bool is_date(std::size_t column) const { return column < dates.size() && dates[column].has_value(); }
  bool has_weights() const { return weights.raw() != nullptr; }
};

// How missing cells are treated. impute: they are NaN in the features; refuse: they are an Error; drop_rows: rows with
// missing cells are dropped.
enum class Missing : std::uint8_t { impute, refuse, drop_rows };
// Returns "impute", "refuse" or "drop-rows".
std::string_view name_of(Missing missing);
// Throws Error for any other name.
Missing missing_from_name(std::string_view name);

// How to read data. For training, set `target` and, if needed, `task`. To evaluate a model, or to read a second file of
// the same kind, use Model::read_options(), which also sets expected_columns, expected_classes and the other fields
// that the model knows. For prediction, additionally set `require_target = false`.
struct ReadOptions {
  // The target column: its name, "last", or its number counted from 1, tried in this order (so a column named "3" wins
  // over the third column). Several targets, which must be numeric, are separated by commas: "height,weight" (a column
  // with exactly that name wins). Required for tables; for .npy and .npz see load_data; built-in sets and IDX define
  // their own.
  std::string target{};
  // Unset: text, or numbers with exactly two distinct values, mean classification; other numbers mean regression.
  std::optional<Task> task{};
  DType dtype = DType::f32;  // of the features and of regression targets: f32 or f64
  // If dtype is f32 and expected_columns is empty: read everything as f64 if a column or the target holds numbers that
  // f32 cannot distinguish, such as times in seconds. If false, a note reports such columns instead.
  bool widen = false;
  // Whether to compute LoadedData::fingerprint, which takes about as long as reading the bytes from memory.
  bool fingerprint = false;
  // false: the target column may be absent. If it is present, it is not read, and Dataset::targets stays empty.
  bool require_target = true;
  // If not empty, the features are these columns in this order. They are matched by name, further columns are ignored,
  // and a missing one is an Error. A file without a header must have exactly these columns, or these followed by the
  // target, in this order. Columns named c1, c2, … (of a model trained without a header) are matched by position if the
  // file has that many columns.
  std::vector<std::string> expected_columns{};
  // If not empty, these columns in this order are the targets, matched by name, and `target` is ignored.
  std::vector<std::string> expected_targets{};
  // If not empty, these are the classes, in this order, and any other label is an Error. A single class is accepted.
  std::vector<std::string> expected_classes{};
  // The categories of the expected columns, as in Dataset::categories. Any other text is an unknown category; text in a
  // numeric column is an Error.
  std::vector<std::vector<std::string>> expected_categories{};
  // As Dataset::formats.
  NumberFormats expected_formats{};
  // The dates of the expected columns, as in Dataset::dates. A cell of such a column that is not a date is an Error.
  std::vector<std::optional<DateForm>> expected_dates{};

  // The following options apply to tables only; `missing` and the tokens for missing cells to arrays too.

  // Whether the first line is a header. Unset: it is one if one of its cells is text in a column of numbers, if it
  // contains the name of the target or of an expected column, or if all cells are text and the cells of the first line
  // never occur again while others do.
  std::optional<bool> header{};
  // Columns to leave out; columns that must be numeric, in which text is an Error; columns to treat as categorical
  // whatever they hold. By name, or by number from 1. An unknown column is an Error.
  std::vector<std::string> drop{}, numeric{}, categorical{};
  // Columns that are numeric, and in which any text counts as missing. The target may be one of them.
  std::vector<std::string> coerce{};
  // The columns that hold the weight, the group and the time of each row instead of a feature; see Dataset. Empty:
  // there is no such column.
  std::string weights{}, group{}, time{};
  // Unset: whichever of , ; tab | splits the first lines into equally many cells.
  std::optional<char> delimiter{};
  // What cells are quoted by, 0 for nothing; and whether a backslash in a quoted cell escapes a quote. Unset: ", or '
  // where the first lines have cells between them.
  std::optional<char> quote{};
  bool backslash_escapes = false;
  // Lines at the top, and lines at the end, that are no part of the table; blank lines at the end are not counted.
  // Unset: none, and a last line that looks like a footer ("Total") is an Error.
  std::int64_t skip = 0;
  std::optional<std::int64_t> skip_end{};
  // Of an SQLite database: a table or view, or a statement whose rows are read; one of the two at most. Neither is
  // needed if the database has one table. The options for a header, delimiters, quotes and skipped lines do not apply
  // to a database.
  std::string table{}, query{};
  char decimal = '.';  // or ','
  // The mark between groups of three digits: , . ' or a space. Empty: each column's cells decide.
  std::string thousands{};
  std::string comment{};   // lines that begin with this text are skipped; empty: none
  std::string encoding{};  // an iconv name; empty: UTF-8, or UTF-16 with or without a byte order mark
  Missing missing = Missing::impute;
  // Cells that count as missing, compared without regard to case; an empty cell always does. Unset: the usual ones
  // (docs/tables.md).
  std::optional<std::vector<std::string>> missing_tokens{};
  std::vector<std::string> added_missing_tokens{};  // and these
  // With expected_categories: categorical columns of which no cell need be known. Of others that is an Error.
  std::vector<std::string> allow_unseen{};
  // dmy, mdy or ymd: how to read dates that consist of numbers and do not begin with a year of four digits; ymd reads
  // only 24/03/01. Unset: as a number above 12 in the column shows, or as expected_dates say.
  std::optional<DateForm> dates{};
};

// The role of a column of the data.
enum class ColumnRole : std::uint8_t { feature, target, weights, group, time, left_out };
// Returns "feature", "target", "weights", "group", "time" or "left out".
std::string_view name_of(ColumnRole role);

struct ReadColumn {
  std::string name;
  ColumnRole role = ColumnRole::feature;
  std::string reason{};  // for left_out: why, as a phrase that follows the name: "numbers the rows"
};

// Identifies the contents of a file.
struct Fingerprint {
  std::int64_t bytes = 0;  // the number of bytes of the decompressed contents
  std::string sha256;      // of these bytes, as 64 hexadecimal digits, as `sha256sum` prints it
};

struct LoadedData {
  Dataset train;  // all rows, unless the source has a test split of its own
  // The source's own splits: x_val and y_val of .npz; the t10k files of IDX, x_test and y_test of .npz.
  std::optional<Dataset> validation, test;
  std::vector<std::string> notes;  // decisions that the user should know, one sentence each
  // Every column of a table that was read without expected_columns, in the table's order. Empty for other sources.
  std::vector<ReadColumn> columns;
  std::optional<Fingerprint> fingerprint;  // of a single file or stdin, if ReadOptions::fingerprint is set
};

// Reads `what`: a path, "-" (a table from stdin) or the name of a built-in data set; an existing path wins over a name.
// The format is recognized by the content. Compressed files (gzip, xz, bzip2, zip) are decompressed first.
// - Table: RFC 4180 quoting; lines end in LF, CRLF or CR. A byte order mark, blank lines, spaces around cells, and
//   single-cell lines before the first line with as many cells as the others are ignored. docs/tables.md describes
//   how numbers may be written. Without a header the columns are named c1, c2, …. A column is numeric if every present
//   cell is a number, categorical if fewer than 95 % are, and an Error in between. A column of dates (docs/tables.md)
//   is numeric: it holds their seconds. Columns that carry no information are left out, with a note: those without any
//   value, those that number the rows, free text, and those whose texts nearly all differ. In a text target "-" is a
//   label, not a missing cell. The classes of a numeric target are sorted by value, those of a text target
//   alphabetically. If expected_classes is given, a full stop after a label that is not one of them is ignored.
// - NumPy array (.npy, versions 1 to 3; f2, f4, f8, integers, bool; either byte order; C or Fortran order): [rows, ...]
//   with columns c1, c2, …. NaN is a missing cell; infinity is an Error. The target is the column that `target`
//   selects. If `target` is empty, it is the array in the file `<stem>-labels.npy` (classes) or `<stem>-targets.npy`
//   (the task is decided as for tables) beside it, [rows] or [rows, 1], and otherwise the last column. An array of
//   targets [rows, n] holds n targets, "targets1", "targets2", …, unless each row has a single 1 and otherwise zeros
//   (one-hot) and `task` is not regression: the class is then the number of its column, from 0. Targets may be texts
//   (S, U), as in a table.
// - Several NumPy arrays (.npz, from numpy.savez or savez_compressed): the features are the array named x, X, features
//   or data. The target is the array that `target` names, or else the one named y, Y, target or targets (the task is
//   decided as for tables), label or labels (classes). If there are only two arrays, the other one may have any name.
//   A target array [rows, n] holds n targets, "y1", "y2", …, or one-hot classes. A `target` that is not the name of an
//   array is a column of the features. x_train and y_train (or X_…, Y_…) are the training rows, x_test and y_test their
//   own test split, x_val and y_val (or _valid, _validation, _dev) their own validation split. A single array is read
//   like a .npy file.
// - A directory with IDX files named as MNIST's: train-images-idx3-ubyte, train-labels-idx1-ubyte and optionally the
//   same with t10k or test, each with or without .gz, also with "." for "-" and with a name before it ("emnist-letters-
//   …"). They may lie in a subdirectory ("raw", "MNIST/raw"). Images have 2 to 4 axes, the rows' included. Unsigned
//   bytes are pixels, which are divided by 255; other numbers are read like an array. The target is named "label".
// Throws Error, with the position and a remedy, if the source cannot be read completely.
LoadedData load_data(const std::string& what, const ReadOptions& options = {});

// The name that load_data gives to the data (Dataset::name), without reading them.
std::string name_of_data(const std::string& what);

// Reads a table from memory. Messages name it `where` in place of a path. `text` must not be compressed.
LoadedData parse_table(std::string_view text, std::string_view where, const ReadOptions& options);

// Whether load_data reads this regular file as a table, that is, whether its first bytes match no other format. Throws
// Error if the file cannot be read.
bool holds_table(const std::string& path);

// Reads the rows of a table block by block in bounded memory, for predictions on files larger than memory. An
// uncompressed file must not be truncated while it is read; a compressed one, or stdin, is held in memory completely.
class TableReader {
 public:
  // `options` are those of a model (Model::read_options); `keep` names columns to return as text. Throws Error as
  // load_data does, except for invalid cells, for which next() throws.
  TableReader(const std::string& path, const ReadOptions& options, const std::vector<std::string>& keep = {});
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;
  ~TableReader();

  struct Part {
    std::int64_t rows = 0;
    Tensor features;                // [rows, columns], as in Dataset
    std::vector<std::string> kept;  // [rows, kept columns]
  };
  // The next rows, at most `most_rows`; no rows at the end of the table.
  Part next(std::int64_t most_rows);
  // Remarks on the rows read so far, as LoadedData::notes.
  std::vector<std::string> notes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The dataset with only the feature columns at these positions, in this order; the result counts as a table
// (sample_shape [columns]). Throws Error if a position is out of range.
Dataset take_columns(const Dataset& dataset, std::span<const std::size_t> positions);
// The dataset without the feature columns at these positions, with the same properties.
Dataset drop_columns(const Dataset& dataset, std::span<const std::size_t> positions);

struct BuiltinInfo {
  std::string_view name;
  std::int64_t rows = 0;
  std::int64_t columns = 0;  // features
  std::int64_t classes = 0;  // 0 for regression
  Task task = Task::classification;
  Scale scale = Scale::standard;
  std::string_view about;  // a phrase that describes the rows
  std::string_view source;
  std::string_view licence;
};

// The data sets that are compiled into the library, by name: digits, iris, wdbc, wine, xor.
std::vector<BuiltinInfo> builtin_datasets();
// Throws Error, which suggests the nearest name, if there is no such set.
Dataset load_builtin(std::string_view name, DType dtype = DType::f32);

// The row numbers of three disjoint splits that together contain every row. Each list is ascending.
struct Split {
  std::vector<std::int64_t> train;
  std::vector<std::int64_t> validation;
  std::vector<std::int64_t> test;
};

// split_rows puts all rows into train if there are fewer than this.
inline constexpr std::int64_t kMinRowsToSplit = 50;

struct SplitOptions {
  double validation = 0, test = 0;  // fractions of the rows
  std::uint64_t seed = 0;
  // [rows], or empty. Rows with the same group number (of a patient, a site) go into the same split, whatever their
  // class.
  std::span<const std::int32_t> groups{};
  // Times, [rows] and finite, or empty. The latest rows become the test split and those before them the validation
  // split; rows with equal times go into the same split. The seed has no effect.
  std::span<const double> order{};
};

// Puts round(rows × fraction) rows into validation and into test, drawn by the seed. For classification each class is
// drawn in proportion, and at least one row of every class stays in train. With groups or times the sizes are
// approximate, but no split with a positive fraction is empty. With fewer than kMinRowsToSplit rows all go into train.
// The same arguments give the same rows on every machine. Throws Error unless both fractions are ≥ 0 and their sum is
// < 1, or if there are fewer groups or distinct times than splits.
Split split_rows(const Dataset& dataset, const SplitOptions& options);
Split split_rows(const Dataset& dataset, double validation_fraction, double test_fraction, std::uint64_t seed);

// `count` splits for cross-validation; each row is in the test split of exactly one. The seed draws the rows; classes
// are spread evenly, and with groups whole groups are assigned so that the folds have about the same size.
// options.validation is the fraction of the rows outside the test split that are used for validation; options.test and
// options.order must be unset. There is no minimum number of rows. Throws Error unless 2 <= count <= rows (or the
// number of groups).
std::vector<Split> folds(const Dataset& dataset, std::int64_t count, const SplitOptions& options);

// The rows with these numbers, in this order (a number may occur twice); everything else is as in `dataset`. Throws
// Error for a row number outside [0, rows()).
Dataset take_rows(const Dataset& dataset, std::span<const std::int64_t> rows);
// The same for a tensor whose first axis is the rows.
Tensor take_rows(const Tensor& all, std::span<const std::int64_t> rows);

// The weight of each class that makes all classes count equally: Σ weights / (classes × Σ weights of the class) or,
// without weights, n / (classes × n of the class), as scikit-learn's "balanced". A class whose rows have no weight gets
// 1 and is not counted among the classes. Throws Error for a regression, or if there are no targets.
std::vector<double> balanced_class_weights(const Dataset& dataset);

// The weight of each row times the entry of `by_class` for its class: [rows] of `dtype` (unset: the features'). Only
// the ratios are meaningful: they are scaled so that the largest of `by_class` becomes 1, which avoids overflow. Throws
// Error unless `by_class` has one entry per class, all finite, ≥ 0, and not all 0.
Tensor row_weights(const Dataset& dataset, std::span<const double> by_class, std::optional<DType> dtype = {});

// The scaling of columns, (value − offset) × factor, as nn::scale applies it and nn::unscale reverses it. Constant
// columns have factor 1. Missing values (NaN) are ignored when it is fitted.
struct Scaler {
  Scale kind = Scale::none;
  std::vector<double> offset;  // one per column; empty for Scale::none
  std::vector<double> factor;

  // Fits the scaling to the given rows (all, if `rows` is empty) of a float tensor [rows, columns]: features or
  // regression targets. The variance is the population variance, as in scikit-learn's StandardScaler. Throws Error if
  // there are no rows, or if the values are too large for their variance to be finite.
  static Scaler fit(Scale kind, const Tensor& values, std::span<const std::int64_t> rows = {});
  // The unscaled value of a scaled one, up to rounding: value / factor + offset.
  double undo(double value, std::size_t column) const;
};

}  // namespace hillock

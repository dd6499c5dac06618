// Reads .npy files into a Dataset.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <span>

#include "core/file.h"
#include "data/cell_value.h"
#include "data/columns.h"
#include "data/float_precision.h"
#include "data/npy_array.h"
#include "data/sources.h"
#include "data/targets.h"
#include "data/text_encoding.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

// These are not a Shape, which refuses sizes that an array without elements may have.
std::string shown(const std::vector<std::int64_t>& dims) { return fmt::format("[{}]", fmt::join(dims, ", ")); }

// Targets in a file of their own: the file's path, and the name "labels" or "targets".
struct TargetFile {
  std::string path, name;
};

std::optional<TargetFile> find_target_file(const std::string& path, const ReadOptions& options) {
  std::string stem = path;
  for (std::string_view ending : {".gz", ".npy"}) {
    if (stem.ends_with(ending)) stem.resize(stem.size() - ending.size());
  }
  for (std::string_view name : {"labels", "targets"}) {
    const bool named = options.expected_targets.empty()
                           ? options.target.empty() || options.target == name
                           : numbered_names(options.expected_targets.size(), name) == options.expected_targets;
    if (!named) continue;
    for (std::string_view ending : {".npy", ".npy.gz"}) {
      const std::string candidate = fmt::format("{}-{}{}", stem, name, ending);
      if (candidate != path && std::filesystem::exists(candidate)) return TargetFile{candidate, std::string(name)};
    }
  }
  return std::nullopt;
}

// Sets the targets, and leaves out the rows that lack one. Returns whether they may be too close together for
// options.dtype.
bool set_and_keep(std::span<const TargetCells> cells, const ReadOptions& options, const std::string& where,
                  Dataset& dataset, std::vector<std::string>& notes) {
  const TargetsRead read = set_targets(dataset, cells, options, where, notes);
  if (!read.missing.empty()) {
    const auto rows = static_cast<std::size_t>(dataset.rows());
    dataset.features = take_rows(dataset.features, rows_without(rows, read.missing));
  }
  return read.may_lose_differences;
}

// Whether each row has one 1 and otherwise zeros.
bool is_one_hot(const NpyArray& array) {
  if (array.dims.size() != 2 || array.dims[1] < 2 || array.is_text()) return false;
  for (std::int64_t row = 0; row < array.dims[0]; ++row) {
    std::int64_t ones = 0;
    for (std::int64_t column = 0; column < array.dims[1]; ++column) {
      const double value = array.load(array.address(row, column, array.dims[1]));
      if (value != 0 && value != 1) return false;
      ones += value == 1 ? 1 : 0;
    }
    if (ones != 1) return false;
  }
  return true;
}

// Whether an array of several columns may hold the classes of one target.
bool may_be_one_hot(const ReadOptions& options) {
  const bool for_a_model = !options.expected_columns.empty();
  return options.task != Task::regression && options.expected_targets.empty() &&
         (!for_a_model || !options.expected_classes.empty());
}

// The number of the column that holds each row's 1.
std::vector<double> one_hot_classes(const NpyArray& array) {
  std::vector<double> classes;
  for (std::int64_t row = 0; row < array.dims[0]; ++row) {
    std::int64_t column = 0;
    while (array.load(array.address(row, column, array.dims[1])) != 1) ++column;
    classes.push_back(static_cast<double>(column));
  }
  return classes;
}

// Targets as they stand in an array. `texts` holds what the cells refer to.
TargetCells cells_of(const TargetArray& target, std::int64_t column, const std::string& name,
                     const ReadOptions& options, std::vector<std::string>& texts) {
  constexpr double kExact = 0x1p53;  // f64 holds every whole number up to this
  const NpyArray& array = target.values;
  const std::int64_t rows = array.dims[0], columns = array.columns();
  TargetCells cells{name, {}, {}, {}, rules_of(options)};
  bool exact = !array.is_text();
  for (std::int64_t row = 0; row < rows && !array.is_text(); ++row) {
    cells.numbers.push_back(array.load(array.address(row, column, columns)));
    exact = exact && !(std::abs(cells.numbers.back()) >= kExact);
  }
  if (exact || array.load_text == nullptr) return cells;
  cells.numbers.clear();
  for (std::int64_t row = 0; row < rows; ++row) {
    texts.push_back(array.load_text(array.address(row, column, columns), array.value_bytes));
    if (!find_invalid_utf8(texts.back())) continue;
    throw Error(fmt::format("{}: row {} holds {}, which is not UTF-8; save the labels with numpy.astype(str)",
                            target.where, row + 1, quote(texts.back())));
  }
  cells.texts.assign(texts.begin(), texts.end());
  return cells;
}

// Copies the features, in which NaN is a missing cell, and returns the largest rounding error of each one.
template <class T>
std::vector<double> copy_features(const NpyArray& array, std::int64_t columns, const ChosenColumns& chosen,
                                  Tensor& features, const std::string& where) {
  T* out = features.values<T>().data();  // [rows, features]
  std::vector<double> lost(chosen.features.size());
  for (std::int64_t row = 0; row < features.shape()[0]; ++row) {
    for (std::size_t i = 0; i < lost.size(); ++i) {
      const std::size_t column = chosen.features[i];
      const double value = array.load(array.address(row, static_cast<std::int64_t>(column), columns));
      *out = static_cast<T>(value);
      if (std::isinf(*out)) {
        throw Error(
            fmt::format("{}: row {}, column {} holds {}, which is not a finite {}; replace it or remove the row", where,
                        row + 1, column + 1, value, sizeof(T) == 4 ? "f32" : "f64"));
      }
      lost[i] = std::max(lost[i], std::abs(value - static_cast<double>(*out++)));
    }
  }
  return lost;
}

// Reads features and target. Returns whether some numbers may be too close together for options.dtype.
bool read_cells(const NpyArray& array, const TargetArray* target, const ChosenColumns& chosen, const std::string& where,
                const ReadOptions& options, LoadedData& data) {
  const std::int64_t rows = array.dims[0], columns = array.elements() / rows;
  Tensor& features = data.train.features;
  features = Tensor(TensorType{options.dtype, Shape{rows, static_cast<std::int64_t>(chosen.features.size())}, {}});
  const std::vector<double> lost = options.dtype == DType::f64
                                       ? copy_features<double>(array, columns, chosen, features, where)
                                       : copy_features<float>(array, columns, chosen, features, where);
  bool close = false;
  for (std::size_t i = 0; i < lost.size() && !close; ++i)
    close = may_lose_differences(features, static_cast<std::int64_t>(i), lost[i]);
  if (target != nullptr) return read_target_array(*target, options, data.train, data.notes) || close;
  if (chosen.targets.empty()) return close;
  std::vector<TargetCells> cells;
  const std::vector<std::string> names = numbered_names(static_cast<std::size_t>(columns));
  for (const std::size_t column : chosen.targets) {
    TargetCells& own = cells.emplace_back(TargetCells{names[column], {}, {}, {}});
    for (std::int64_t row = 0; row < rows; ++row)
      own.numbers.push_back(array.load(array.address(row, static_cast<std::int64_t>(column), columns)));
  }
  return set_and_keep(cells, options, where, data.train, data.notes) || close;
}

// Notes the missing cells, refuses them or drops their rows, as options.missing says.
void treat_missing(const std::string& where, const ReadOptions& options, LoadedData& data) {
  Dataset& dataset = data.train;
  if (!has_missing_cells(dataset.features)) return;
  const std::int64_t width = dataset.feature_count();
  std::vector<std::int64_t> missing(static_cast<std::size_t>(width)), whole;
  for (std::int64_t row = 0; row < dataset.rows(); ++row) {
    bool all = true;
    for (std::int64_t i = 0; i < width; ++i) {
      if (!std::isnan(dataset.features.at(row * width + i))) continue;
      if (options.missing == Missing::refuse) {
        throw Error(fmt::format("{}: column {} has a missing cell (NaN, first: row {}); fill it in or remove the row",
                                where, quote(dataset.columns[static_cast<std::size_t>(i)]), row + 1));
      }
      ++missing[static_cast<std::size_t>(i)];
      all = false;
    }
    if (all) whole.push_back(row);
  }
  const std::int64_t dropped = dataset.rows() - std::ssize(whole);
  if (options.missing == Missing::drop_rows) {
    const Remedy impute{"--missing", {"impute"}};
    if (whole.empty())
      throw Error(fmt::format("{}: every row has a missing cell; pass {}", where, impute.text()), {impute});
    dataset = take_rows(dataset, whole);
    data.notes.push_back(fmt::format("{}: {} with missing cells left out", where, counted(dropped, "row")));
    return;
  }
  std::int64_t cells = 0;
  std::vector<std::string> named;
  for (std::size_t i = 0; i < missing.size(); ++i) {
    cells += missing[i];
    if (missing[i] > 0) named.push_back(fmt::format("{} {}", dataset.columns[i], missing[i]));
  }
  data.notes.push_back(fmt::format("{}: {} in {} ({})", where, counted(cells, "missing cell"),
                                   counted(std::ssize(named), "column"), list_names(named)));
  // Images have no missing pixels, so these rows count as a table's.
  dataset.sample_shape = Shape{width};
}

}  // namespace

bool read_target_array(const TargetArray& target, const ReadOptions& options, Dataset& dataset,
                       std::vector<std::string>& notes) {
  const std::vector<std::int64_t>& dims = target.values.dims;
  const std::int64_t rows = dataset.rows();
  const bool fits = dims.size() == 1 || (dims.size() == 2 && dims[1] > 0);
  if (!fits || dims[0] != rows) {
    throw Error(fmt::format("{}: has shape {}, expected one value for each of the {}", target.where, shown(dims),
                            counted(rows, "row")));
  }
  ReadOptions chosen = options;
  const bool labels = target.name == "labels" || target.name == "label";
  if (may_be_one_hot(options) && is_one_hot(target.values)) {
    if (options.expected_classes.empty()) {
      notes.push_back(
          fmt::format("{}: each row has a single 1 in {} columns (one-hot), so the target is the number of its column, "
                      "from 0, as a class; pass --task regression for {} targets",
                      target.where, dims[1], dims[1]));
    }
    chosen.task = Task::classification;
    const TargetCells cells{target.name, {}, {}, one_hot_classes(target.values)};
    return set_and_keep({&cells, 1}, chosen, target.where, dataset, notes);
  }
  const auto count = static_cast<std::size_t>(dims.size() == 1 ? 1 : dims[1]);
  const std::vector<std::string> names =
      count == 1 ? std::vector<std::string>{target.name} : numbered_names(count, target.name);
  std::vector<TargetCells> cells;
  std::vector<std::vector<std::string>> texts(count);
  for (std::size_t k = 0; k < count; ++k)
    cells.push_back(cells_of(target, static_cast<std::int64_t>(k), names[k], options, texts[k]));
  if (labels && !chosen.task) chosen.task = Task::classification;
  return set_and_keep(cells, chosen, target.where, dataset, notes);
}

bool has_missing_cells(const Tensor& features) {
  const auto any = [](const auto values) {
    return std::any_of(values.begin(), values.end(), [](const auto value) { return std::isnan(value); });
  };
  return features.dtype() == DType::f64 ? any(features.values<double>()) : any(features.values<float>());
}

void require_columns_of_model(const NpyArray& features, bool may_hold_target, const std::string& where,
                              const ReadOptions& options) {
  const std::size_t expected = options.expected_columns.size();
  const auto columns = static_cast<std::size_t>(features.columns());
  if (expected == 0 || columns == expected) return;
  const std::size_t targets = std::max<std::size_t>(1, options.expected_targets.size());
  if (may_hold_target && columns == expected + targets) return;
  // The last of the columns "c1", "c2", … that the model was trained with is one of the model's.
  const std::string last = fmt::format("c{}", columns);
  const auto is_last = [&](const std::string& name) { return name == last; };
  const bool as_trained = std::ranges::any_of(options.expected_columns, is_last) || options.target == last ||
                          std::ranges::any_of(options.expected_targets, is_last);
  if (columns > expected && as_trained) return;
  throw Error(fmt::format("{}: has {} in rows of {}, and the model takes {}; give rows like those it was trained on",
                          where, counted(features.columns(), "column"),
                          shown({features.dims.begin() + 1, features.dims.end()}), expected));
}

LoadedData read_arrays(const NpyArray& array, const TargetArray* target, const std::string& where,
                       const ReadOptions& options) {
  if (array.dims.empty() || std::find(array.dims.begin(), array.dims.end(), 0) != array.dims.end()) {
    throw Error(
        fmt::format("{}: has shape {}, which holds no rows; save an array [rows, columns]", where, shown(array.dims)));
  }
  if (array.is_text()) {
    throw Error(
        fmt::format("{}: holds texts, and features are numbers; save the table as CSV, which may hold both", where));
  }
  require_columns_of_model(array, target == nullptr, where, options);
  const std::int64_t columns = array.columns();
  ReadOptions choice = options;
  if (target != nullptr) {
    choice.require_target = false;  // the target must be one of these columns
    choice.target.clear();
    choice.expected_targets.clear();
  } else if (options.require_target && options.target.empty()) {
    choice.target = "last";
  }
  const auto names = numbered_names(static_cast<std::size_t>(columns));
  const ChosenColumns chosen = choose_columns(names, false, choice, where);

  LoadedData data;
  Dataset& dataset = data.train;
  dataset.columns = chosen.names;
  const auto feature_count = static_cast<std::int64_t>(chosen.features.size());
  dataset.sample_shape = Shape{feature_count};
  if (feature_count == columns && array.dims.size() > 1) dataset.sample_shape = Shape(std::span(array.dims).subspan(1));
  const bool close = read_cells(array, target, chosen, where, options, data);
  if (close && options.expected_columns.empty() && options.dtype == DType::f32) {
    ReadOptions exact = options;
    exact.dtype = DType::f64;
    data.notes.clear();
    dataset.target_names.clear();
    read_cells(array, target, chosen, where, exact, data);
    settle_dtype(dataset, options, where, data.notes);
  }
  treat_missing(where, options, data);
  return data;
}

LoadedData read_npy(std::string_view bytes, const std::string& path, const ReadOptions& options) {
  const NpyArray array = parse_npy(bytes, path);
  std::optional<TargetFile> file;
  if (options.require_target) file = find_target_file(path, options);
  if (!file) return read_arrays(array, nullptr, path, options);
  const std::string target_bytes = read_decompressed_file(file->path);
  const TargetArray target{file->path, file->name, parse_npy(target_bytes, file->path)};
  return read_arrays(array, &target, path, options);
}

}  // namespace hillock

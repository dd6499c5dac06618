// Reads .npy files into a Dataset.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "core/file.h"
#include "data/columns.h"
#include "data/float_precision.h"
#include "data/npy_array.h"
#include "data/sources.h"
#include "data/targets.h"
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
bool set_and_keep(const std::vector<TargetCells>& cells, const ReadOptions& options, const std::string& where,
                  LoadedData& data) {
  Dataset& train = data.train;
  const TargetsRead read = set_targets(train, cells, options, where, data.notes);
  if (!read.missing.empty())
    train.features = take_rows(train.features, rows_without(static_cast<std::size_t>(train.rows()), read.missing));
  return read.may_lose_differences;
}

bool read_targets(const TargetArray& target, const ReadOptions& options, LoadedData& data) {
  const std::vector<std::int64_t>& dims = target.values.dims;
  const std::int64_t rows = data.train.rows();
  const bool fits = dims.size() == 1 || (dims.size() == 2 && dims[1] > 0);
  if (!fits || dims[0] != rows) {
    throw Error(fmt::format("{}: has shape {}, expected one value for each of the {}", target.where, shown(dims),
                            counted(rows, "row")));
  }
  const auto count = static_cast<std::size_t>(dims.size() == 1 ? 1 : dims[1]);
  const std::vector<std::string> names =
      count == 1 ? std::vector<std::string>{target.name} : numbered_names(count, target.name);
  std::vector<TargetCells> cells;
  for (std::size_t k = 0; k < count; ++k) {
    TargetCells& own = cells.emplace_back(TargetCells{names[k], {}, {}, {}});
    for (std::int64_t row = 0; row < rows; ++row)
      own.numbers.push_back(target.values.at(row * static_cast<std::int64_t>(count) + static_cast<std::int64_t>(k)));
  }
  ReadOptions chosen = options;
  if ((target.name == "labels" || target.name == "label") && !chosen.task) chosen.task = Task::classification;
  return set_and_keep(cells, chosen, target.where, data);
}

// Copies the features and returns the largest rounding error of each one.
template <class T>
std::vector<double> copy_features(const NpyArray& array, std::int64_t columns, const ChosenColumns& chosen,
                                  Tensor& features, const std::string& where) {
  T* out = features.values<T>().data();  // [rows, features]
  std::vector<double> lost(chosen.features.size());
  for (std::int64_t row = 0; row < features.shape()[0]; ++row) {
    for (std::size_t i = 0; i < lost.size(); ++i) {
      const std::size_t column = chosen.features[i];
      const double value = array.at(row * columns + static_cast<std::int64_t>(column));
      *out = static_cast<T>(value);
      if (!std::isfinite(*out)) {
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
  if (target != nullptr) return read_targets(*target, options, data) || close;
  if (chosen.targets.empty()) return close;
  std::vector<TargetCells> cells;
  const std::vector<std::string> names = numbered_names(static_cast<std::size_t>(columns));
  for (const std::size_t column : chosen.targets) {
    TargetCells& own = cells.emplace_back(TargetCells{names[column], {}, {}, {}});
    for (std::int64_t row = 0; row < rows; ++row)
      own.numbers.push_back(array.at(row * columns + static_cast<std::int64_t>(column)));
  }
  return set_and_keep(cells, options, where, data) || close;
}

}  // namespace

LoadedData read_arrays(const NpyArray& array, const TargetArray* target, const std::string& where,
                       const ReadOptions& options) {
  if (array.dims.empty() || std::find(array.dims.begin(), array.dims.end(), 0) != array.dims.end()) {
    throw Error(
        fmt::format("{}: has shape {}, which holds no rows; save an array [rows, columns]", where, shown(array.dims)));
  }
  const std::int64_t rows = array.dims[0];
  const std::int64_t columns = array.elements() / rows;
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
  if (!close || !options.expected_columns.empty() || options.dtype == DType::f64) return data;
  ReadOptions exact = options;
  exact.dtype = DType::f64;
  data.notes.clear();
  read_cells(array, target, chosen, where, exact, data);
  settle_dtype(dataset, options, where, data.notes);
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

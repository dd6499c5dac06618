#include "data/dataset_check.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

// For a dataset with several targets.
void require_target_names(std::string_view where, const Dataset& dataset) {
  const TensorType& type = dataset.targets.type();
  const std::size_t count = dataset.target_names.size();
  if (dataset.task == Task::regression && count > 1 && type.shape.rank() == 2 &&
      type.shape[1] == static_cast<std::int64_t>(count))
    return;
  throw Error(
      fmt::format("{}: the targets are {} and called {}; several targets are numbers [rows, targets] and have "
                  "a name each",
                  where, type.to_string(), list_names(dataset.target_names)));
}

void require_targets(std::string_view where, const Dataset& dataset) {
  const TensorType& type = dataset.targets.type();
  const bool classes = dataset.task == Task::classification;
  const bool fits = type.shape.rank() >= 1 && type.shape[0] == dataset.rows() &&
                    (classes ? type.dtype == DType::i32 && type.shape.rank() == 1 : is_float(type.dtype));
  if (!fits) {
    throw Error(fmt::format("{}: {} rows have targets {}; give {} for each", where, dataset.rows(), type.to_string(),
                            classes ? "one i32 class number" : "one number of f32 or f64"));
  }
  if (!dataset.target_names.empty()) require_target_names(where, dataset);
  if (!classes || dataset.classes.empty()) return;  // without class names no class number is too large
  const auto labels = dataset.targets.values<std::int32_t>();
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] >= 0 && static_cast<std::size_t>(labels[row]) < dataset.classes.size()) continue;
    throw Error(fmt::format("{}: row {} (from 0) has the class {} of {}; classes count from 0", where, row, labels[row],
                            dataset.classes.size()));
  }
}

void require_count(std::string_view where, const char* what, std::size_t count, const Dataset& dataset) {
  if (count == 0 || static_cast<std::int64_t>(count) == dataset.rows()) return;
  throw Error(
      fmt::format("{}: there are {} {} for {} rows; give one for each, or none", where, count, what, dataset.rows()));
}

void require_codes(std::string_view where, const Dataset& dataset, std::size_t column) {
  const std::int64_t width = dataset.feature_count();
  const auto categories = static_cast<double>(dataset.categories[column].size());
  for (std::int64_t row = 0; row < dataset.rows(); ++row) {
    const double code = dataset.features.at(row * width + static_cast<std::int64_t>(column));
    if (std::isnan(code) || (code >= 0 && code <= categories && std::floor(code) == code)) continue;
    throw Error(
        fmt::format("{}: column {} has {} categories and row {} (from 0) holds {}; give the number of its "
                    "category, {} for one that is not among them, or NaN",
                    where, quote(dataset.columns[column]), categories, row, code, categories));
  }
}

}  // namespace

void require_rows_fit(std::string_view where, const Dataset& dataset) {
  const TensorType& features = dataset.features.type();
  if (dataset.features.raw() == nullptr || features.shape.rank() != 2 || !is_float(features.dtype)) {
    throw Error(fmt::format("{}: the features are {}; give f32 or f64 [rows, columns]", where,
                            dataset.features.raw() == nullptr ? "missing" : features.to_string()));
  }
  if (dataset.has_targets()) require_targets(where, dataset);
  if (dataset.has_weights()) {
    const TensorType& weights = dataset.weights.type();
    if (!is_float(weights.dtype) || weights.shape.rank() != 1 || weights.shape[0] != dataset.rows()) {
      throw Error(fmt::format("{}: {} rows have weights {}; give one number for each", where, dataset.rows(),
                              weights.to_string()));
    }
  }
  require_count(where, "groups", dataset.groups.size(), dataset);
  require_count(where, "times", dataset.times.size(), dataset);
}

void require_columns_fit(std::string_view where, const Dataset& dataset) {
  require_rows_fit(where, dataset);
  const auto count = static_cast<std::size_t>(dataset.feature_count());
  if (dataset.columns.size() != count || (!dataset.categories.empty() && dataset.categories.size() != count)) {
    throw Error(
        fmt::format("{}: {} columns have {} names and {} lists of categories; give one of each for each column, "
                    "or no categories at all",
                    where, count, dataset.columns.size(), dataset.categories.size()));
  }
  if (!dataset.dates.empty() && dataset.dates.size() != count) {
    throw Error(fmt::format("{}: {} columns have {} forms of dates; give one or none for each column, or leave all out",
                            where, count, dataset.dates.size()));
  }
  for (std::size_t column = 0; column < count; ++column) {
    if (dataset.is_categorical(column)) require_codes(where, dataset, column);
  }
}

}  // namespace hillock

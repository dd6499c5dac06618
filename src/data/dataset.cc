// Names of tasks and scales, and datasets of selected rows.
#include <fmt/format.h>

#include <algorithm>

#include "data/dataset_check.h"
#include "hillock/data.h"
#include "hillock/error.h"
#include "hillock/text.h"
#include "rows/gather.h"

namespace hillock {

std::string_view name_of(Task task) { return task == Task::classification ? "classification" : "regression"; }

Task task_from_name(std::string_view name) {
  for (Task task : {Task::classification, Task::regression}) {
    if (name_of(task) == name) return task;
  }
  throw Error(fmt::format("task: {} is not a task; use classification or regression", quote(name)));
}

std::string_view name_of(Scale scale) {
  switch (scale) {
    case Scale::none: return "none";
    case Scale::standard: return "standard";
    case Scale::minmax: return "minmax";
  }
  return "?";
}

Scale scale_from_name(std::string_view name) {
  for (Scale scale : {Scale::none, Scale::standard, Scale::minmax}) {
    if (name_of(scale) == name) return scale;
  }
  throw Error(fmt::format("scale: {} is not a scale; use standard, minmax or none", quote(name)));
}

std::string_view name_of(Missing missing) {
  switch (missing) {
    case Missing::impute: return "impute";
    case Missing::refuse: return "refuse";
    case Missing::drop_rows: return "drop-rows";
  }
  return "?";
}

Missing missing_from_name(std::string_view name) {
  for (Missing missing : {Missing::impute, Missing::refuse, Missing::drop_rows}) {
    if (name_of(missing) == name) return missing;
  }
  throw Error(fmt::format("missing: {} is not known; use impute, refuse or drop-rows", quote(name)));
}

std::string_view name_of(ColumnRole role) {
  switch (role) {
    case ColumnRole::feature: return "feature";
    case ColumnRole::target: return "target";
    case ColumnRole::weights: return "weights";
    case ColumnRole::group: return "group";
    case ColumnRole::time: return "time";
    case ColumnRole::left_out: return "left out";
  }
  return "?";
}

namespace {

// Copies everything except the rows' own data.
Dataset description_of(const Dataset& dataset) {
  Dataset described;
  described.name = dataset.name;
  described.task = dataset.task;
  described.columns = dataset.columns;
  described.categories = dataset.categories;
  described.dates = dataset.dates;
  described.formats = dataset.formats;
  described.target = dataset.target;
  described.target_names = dataset.target_names;
  described.classes = dataset.classes;
  described.sample_shape = dataset.sample_shape;
  described.scale = dataset.scale;
  return described;
}

void require_columns(const char* where, const Dataset& dataset, std::span<const std::size_t> positions) {
  for (const std::size_t position : positions) {
    if (position < dataset.columns.size()) continue;
    throw Error(fmt::format("{}: column {} of {}, which has {}; columns count from 0", where, position,
                            quote(dataset.name), dataset.columns.size()));
  }
}

template <class T>
void copy_columns(const Tensor& from, Tensor& to, std::span<const std::size_t> kept) {
  const auto width = static_cast<std::size_t>(from.shape()[1]);
  const auto in = from.values<T>();
  auto out = to.values<T>().begin();
  for (std::size_t row = 0; row < in.size(); row += width) {
    for (const std::size_t column : kept) *out++ = in[row + column];
  }
}

}  // namespace

Tensor take_rows(const Tensor& all, std::span<const std::int64_t> rows) {
  const std::int64_t count = all.raw() == nullptr || all.shape().rank() == 0 ? 0 : all.shape()[0];
  for (const std::int64_t row : rows) {
    if (row >= 0 && row < count) continue;
    throw Error(fmt::format("take rows: row {} of {}; rows count from 0", row, count));
  }
  return take_rows(TensorView(all), rows);
}

Dataset take_rows(const Dataset& dataset, std::span<const std::int64_t> rows) {
  if (dataset.features.raw() != nullptr) require_rows_fit("take rows", dataset);
  for (std::int64_t row : rows) {
    if (row >= 0 && row < dataset.rows()) continue;
    throw Error(fmt::format("take rows: row {} of \"{}\", which has {} rows; rows count from 0", row, dataset.name,
                            dataset.rows()));
  }
  Dataset taken = description_of(dataset);
  const auto take = [&]<class T>(const std::vector<T>& values, std::vector<T>& to) {
    if (values.empty()) return;
    to.reserve(rows.size());
    for (const std::int64_t row : rows) to.push_back(values[static_cast<std::size_t>(row)]);
  };
  take(dataset.groups, taken.groups);
  take(dataset.times, taken.times);
  if (dataset.features.raw() != nullptr) taken.features = take_rows(TensorView(dataset.features), rows);
  if (dataset.has_targets()) taken.targets = take_rows(TensorView(dataset.targets), rows);
  if (dataset.has_weights()) taken.weights = take_rows(TensorView(dataset.weights), rows);
  return taken;
}

Dataset take_columns(const Dataset& dataset, std::span<const std::size_t> positions) {
  require_columns("take columns", dataset, positions);
  if (dataset.features.raw() != nullptr) require_columns_fit("take columns", dataset);
  Dataset result = description_of(dataset);
  result.columns.clear();
  result.categories.clear();
  result.dates.clear();
  for (const std::size_t column : positions) {
    result.columns.push_back(dataset.columns[column]);
    if (!dataset.categories.empty()) result.categories.push_back(dataset.categories[column]);
    if (!dataset.dates.empty()) result.dates.push_back(dataset.dates[column]);
  }
  const auto width = static_cast<std::int64_t>(positions.size());
  result.sample_shape = Shape{width};
  result.features = Tensor(TensorType{dataset.features.dtype(), Shape{dataset.rows(), width}, {}});
  if (dataset.features.dtype() == DType::f64) {
    copy_columns<double>(dataset.features, result.features, positions);
  } else {
    copy_columns<float>(dataset.features, result.features, positions);
  }
  result.targets = dataset.targets;
  result.weights = dataset.weights;
  result.groups = dataset.groups;
  result.times = dataset.times;
  return result;
}

Dataset drop_columns(const Dataset& dataset, std::span<const std::size_t> positions) {
  require_columns("drop columns", dataset, positions);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
    if (std::find(positions.begin(), positions.end(), i) == positions.end()) kept.push_back(i);
  }
  return take_columns(dataset, kept);
}

}  // namespace hillock

// Names of tasks and scales; rows taken.
#include <fmt/format.h>

#include <cstring>

#include "hillock/data.h"
#include "hillock/error.h"

namespace hillock {

std::string_view name_of(Task task) { return task == Task::classification ? "classification" : "regression"; }

Task task_from_name(std::string_view name) {
  for (Task task : {Task::classification, Task::regression}) {
    if (name_of(task) == name) return task;
  }
  throw Error(fmt::format("task: \"{}\" is not a task; use classification or regression", name));
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
  throw Error(fmt::format("scale: \"{}\" is not a scale; use standard, minmax or none", name));
}

namespace {

// The rows of a tensor whose first axis counts rows.
Tensor gather_rows(const Tensor& source, std::span<const std::int64_t> rows) {
  std::vector<std::int64_t> dims(source.shape().dims().begin(), source.shape().dims().end());
  const std::size_t row_bytes = dims[0] == 0 ? 0 : source.bytes() / static_cast<std::size_t>(dims[0]);
  dims[0] = static_cast<std::int64_t>(rows.size());
  Tensor taken(TensorType{source.dtype(), Shape(std::span<const std::int64_t>(dims)), source.type().range});
  const char* from = static_cast<const char*>(source.raw());
  char* to = static_cast<char*>(taken.raw());
  for (std::int64_t row : rows) {
    std::memcpy(to, from + static_cast<std::size_t>(row) * row_bytes, row_bytes);
    to += row_bytes;
  }
  return taken;
}

}  // namespace

Dataset take_rows(const Dataset& dataset, std::span<const std::int64_t> rows) {
  for (std::int64_t row : rows) {
    if (row >= 0 && row < dataset.rows()) continue;
    throw Error(fmt::format("take rows: row {} of \"{}\", which has {} rows; rows count from 0", row, dataset.name,
                            dataset.rows()));
  }
  Dataset taken;
  taken.name = dataset.name;
  taken.task = dataset.task;
  taken.columns = dataset.columns;
  taken.target = dataset.target;
  taken.classes = dataset.classes;
  taken.sample_shape = dataset.sample_shape;
  taken.scale = dataset.scale;
  if (dataset.features.raw() != nullptr) taken.features = gather_rows(dataset.features, rows);
  if (dataset.has_targets()) taken.targets = gather_rows(dataset.targets, rows);
  if (dataset.has_weights()) taken.weights = gather_rows(dataset.weights, rows);
  return taken;
}

}  // namespace hillock

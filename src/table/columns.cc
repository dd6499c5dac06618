// Lists the columns that were read, with what the model does with each.
#include "table/columns.h"

#include <cmath>
#include <utility>

#include "hillock/model.h"

namespace hillock {
namespace {

template <class T>
void count_missing(const Tensor& rows, std::vector<ColumnAccount>& features) {
  const auto values = rows.values<T>();
  const auto width = static_cast<std::size_t>(rows.shape()[1]);
  for (std::size_t at = 0; at < values.size(); at += width) {
    for (std::size_t i = 0; i < width; ++i) features[i].missing += std::isnan(values[at + i]) ? 1 : 0;
  }
}

// The index of the model's column with this name: `next` if both have the same order.
std::size_t find(const std::vector<ColumnAccount>& columns, const std::string& name, std::size_t next) {
  if (next < columns.size() && columns[next].name == name) return next;
  std::size_t at = 0;
  while (at < columns.size() && columns[at].name != name) ++at;
  return at;
}

}  // namespace

std::vector<ReadColumn> read_columns_of(const Dataset& data) {
  std::vector<ReadColumn> columns;
  for (const std::string& name : data.columns) columns.push_back({.name = name});
  for (const std::string& name : data.all_targets()) columns.push_back({.name = name, .role = ColumnRole::target});
  return columns;
}

std::vector<ColumnAccount> account_for_columns(const std::vector<ReadColumn>& read, const Model& model,
                                               const Dataset& train) {
  std::vector<ColumnAccount> features = columns_of(model);
  const std::vector<ColumnAccount> targets(features.end() - std::ssize(model.all_targets()), features.end());
  features.resize(features.size() - targets.size());
  train.features.dtype() == DType::f64 ? count_missing<double>(train.features, features)
                                       : count_missing<float>(train.features, features);
  std::vector<ColumnAccount> columns;
  std::size_t next = 0, next_target = 0;
  for (const ReadColumn& column : read) {
    if (column.role == ColumnRole::feature) {
      const std::size_t at = find(features, column.name, next++);
      if (at < features.size()) columns.push_back(features[at]);
    } else if (column.role == ColumnRole::target) {
      const std::size_t at = find(targets, column.name, next_target++);
      if (at < targets.size()) columns.push_back(targets[at]);
    } else {
      columns.push_back({.name = column.name, .role = column.role, .reason = column.reason});
    }
  }
  return columns;
}

}  // namespace hillock

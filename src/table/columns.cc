// Lists the columns that were read, with what the model does with each.
#include "table/columns.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "hillock/model.h"
#include "table/column_suggestions.h"

namespace hillock {
namespace {

using Json = nlohmann::ordered_json;

// Counts missing cells and finds the range of the numbers in rows [rows, columns].
template <class T>
void look_at(const Tensor& rows, std::span<ColumnAccount> columns) {
  const auto values = rows.values<T>();
  for (std::size_t at = 0; at < values.size(); at += columns.size()) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      ColumnAccount& column = columns[i];
      const auto value = static_cast<double>(values[at + i]);
      if (std::isnan(value)) {
        ++column.missing;
      } else if (!column.encoding.is_categorical()) {
        if (!(column.low <= value)) column.low = value;  // also where it is NaN still
        if (!(column.high >= value)) column.high = value;
      }
    }
  }
}

void look_at(const Tensor& rows, std::span<ColumnAccount> columns) {
  if (rows.dtype() == DType::f64) return look_at<double>(rows, columns);
  if (rows.dtype() == DType::f32) return look_at<float>(rows, columns);
}

// The index of the model's column with this name: `next` if both have the same order.
std::size_t find(const std::vector<ColumnAccount>& columns, const std::string& name, std::size_t next) {
  if (next < columns.size() && columns[next].name == name) return next;
  std::size_t at = 0;
  while (at < columns.size() && columns[at].name != name) ++at;
  return at;
}

const char* kind_of(const ColumnEncoding& encoding) {
  if (encoding.date) return *encoding.date == DateForm::time_of_day ? "time of day" : "date";
  return encoding.is_embedded() ? "embedded categories" : encoding.is_categorical() ? "categories" : "number";
}

}  // namespace

std::string columns_json(std::span<const ColumnAccount> columns) {
  Json all = Json::array();
  for (const ColumnAccount& column : columns) {
    Json& json = all.emplace_back(Json{{"name", column.name}, {"role", name_of(column.role)}});
    if (!column.reason.empty()) json["reason"] = column.reason;
    if (column.role == ColumnRole::feature) {
      json["kind"] = kind_of(column.encoding);
      if (column.encoding.is_categorical()) json["categories"] = column.encoding.categories.size();
      json["missing"] = column.missing;
    }
    if (!column.suggestion.empty()) json["suggestion"] = column.suggestion;
    if (!std::isfinite(column.low)) continue;
    if (const std::optional<DateForm> form = column.encoding.date) {
      json["range"] = {date_text(column.low, *form), date_text(column.high, *form)};
    } else {
      json["range"] = {column.low, column.high};
    }
  }
  return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<ReadColumn> read_columns_of(const Dataset& data) {
  std::vector<ReadColumn> columns;
  for (const std::string& name : data.columns) columns.push_back({.name = name});
  for (const std::string& name : data.all_targets()) columns.push_back({.name = name, .role = ColumnRole::target});
  return columns;
}

std::vector<ColumnAccount> account_for_columns(const std::vector<ReadColumn>& read, const Model& model,
                                               const Dataset& train) {
  std::vector<ColumnAccount> features = columns_of(model);
  std::vector<ColumnAccount> targets(features.end() - std::ssize(model.all_targets()), features.end());
  features.resize(features.size() - targets.size());
  look_at(train.features, features);
  if (train.task == Task::regression) look_at(train.targets, targets);
  suggest_for_columns(features, train);
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

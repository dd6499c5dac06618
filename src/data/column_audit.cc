// Finds such columns by walking down each column.
#include "data/column_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

// In fewer rows than these a column may have distinct values by chance.
constexpr std::int64_t kMinRows = 50;

// One column's values.
class Column {
 public:
  Column(const Dataset& dataset, std::size_t column)
      : features_(dataset.features),
        rows_(dataset.rows()),
        width_(dataset.feature_count()),
        column_(static_cast<std::int64_t>(column)) {}

  std::int64_t rows() const { return rows_; }
  double at(std::int64_t row) const { return features_.at(row * width_ + column_); }

  bool is_empty() const {
    for (std::int64_t row = 0; row < rows_; ++row) {
      if (!std::isnan(at(row))) return false;
    }
    return true;
  }

  // Whether the values are consecutive whole numbers in any order, each occurring once.
  bool numbers_rows() const {
    double least = at(0);
    for (std::int64_t row = 0; row < rows_; ++row) {
      if (!(at(row) == std::floor(at(row)))) return false;
      least = std::min(least, at(row));
    }
    std::vector<bool> seen(static_cast<std::size_t>(rows_));
    for (std::int64_t row = 0; row < rows_; ++row) {
      const double place = at(row) - least;
      if (place >= static_cast<double>(rows_) || seen[static_cast<std::size_t>(place)]) return false;
      seen[static_cast<std::size_t>(place)] = true;
    }
    return true;
  }

 private:
  const Tensor& features_;
  std::int64_t rows_, width_, column_;
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The reason why the column cannot help to predict, or an empty text if it may.
std::string reason_against(const Dataset& dataset, std::size_t i) {
  const Column column(dataset, i);
  if (column.is_empty()) return "has no value in any row";
  if (dataset.rows() < kMinRows) return "";
  if (dataset.is_categorical(i)) {
    const bool all_differ = static_cast<std::int64_t>(dataset.categories[i].size()) == dataset.rows();
    return all_differ ? "has another text in every row" : "";
  }
  return column.numbers_rows() ? "numbers the rows" : "";
}

}  // namespace

void leave_out(std::vector<ReadColumn>& columns, std::string_view name, const std::string& reason) {
  for (ReadColumn& column : columns) {
    if (column.role != ColumnRole::feature || column.name != name) continue;
    column.role = ColumnRole::left_out;
    column.reason = reason;
    return;
  }
}

void drop_uninformative_columns(LoadedData& data, const ReadOptions& options, std::string_view where) {
  Dataset& dataset = data.train;
  std::vector<std::size_t> useless;
  std::vector<std::string> reasons;
  for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
    const std::string& name = dataset.columns[i];
    if (contains(options.numeric, name) || contains(options.categorical, name)) continue;
    const std::string reason = reason_against(dataset, i);
    if (reason.empty()) continue;
    useless.push_back(i);
    reasons.push_back(reason);
  }
  if (useless.empty()) return;
  if (useless.size() < dataset.columns.size()) {
    for (std::size_t k = 0; k < useless.size(); ++k) {
      const std::string& name = dataset.columns[useless[k]];
      data.notes.push_back(fmt::format("column {} {} and is left out; pass --{} {} to keep it", quote(name), reasons[k],
                                       dataset.is_categorical(useless[k]) ? "categorical" : "numeric", quote(name)));
      leave_out(data.columns, name, reasons[k]);
    }
    dataset = drop_columns(dataset, useless);
    return;
  }
  // If no other column is left, these are kept to learn from, unless the first one is empty.
  if (Column(dataset, 0).is_empty()) {
    throw Error(fmt::format("{}: column {} has no value in any row, and no other column can help; add features", where,
                            quote(dataset.columns.front())));
  }
}

}  // namespace hillock

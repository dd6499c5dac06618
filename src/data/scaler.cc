// Computes how columns are scaled. Sums run over the rows in order and in f64, so the result depends on the values
// alone.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hillock/data.h"
#include "hillock/error.h"

namespace hillock {
namespace {

// The chosen rows of a float tensor [rows, columns].
template <class T>
struct Table {
  std::span<const T> values;
  std::size_t columns;
  std::span<const std::int64_t> rows;  // empty: all

  std::size_t row_count() const { return rows.empty() ? values.size() / columns : rows.size(); }
  const T* row(std::size_t i) const {
    return values.data() + (rows.empty() ? i : static_cast<std::size_t>(rows[i])) * columns;
  }
  // Calls visit(column, value) for every value that is not missing, row by row.
  template <class Visit>
  void each(Visit visit) const {
    for (std::size_t i = 0; i < row_count(); ++i) {
      for (std::size_t column = 0; column < columns; ++column) {
        const auto value = static_cast<double>(row(i)[column]);
        if (!std::isnan(value)) visit(column, value);
      }
    }
  }
};

struct Extremes {
  std::vector<double> least, most;
};

template <class T>
Extremes find_extremes(const Table<T>& table) {
  Extremes found;
  found.least.assign(table.columns, std::numeric_limits<double>::infinity());
  found.most.assign(table.columns, -std::numeric_limits<double>::infinity());
  table.each([&](std::size_t column, double value) {
    found.least[column] = std::min(found.least[column], value);
    found.most[column] = std::max(found.most[column], value);
  });
  return found;
}

// Computes mean and standard deviation in two passes; the second sums squares around the mean.
template <class T>
void fit_standard(const Table<T>& table, std::vector<double>& mean, std::vector<double>& deviation) {
  std::vector<double> counts(table.columns, 0);
  mean.assign(table.columns, 0);
  table.each([&](std::size_t column, double value) {
    mean[column] += value;
    ++counts[column];
  });
  for (std::size_t i = 0; i < table.columns; ++i) mean[i] /= counts[i];
  deviation.assign(table.columns, 0);
  table.each([&](std::size_t column, double value) {
    const double distance = value - mean[column];
    deviation[column] += distance * distance;
  });
  for (std::size_t i = 0; i < table.columns; ++i) deviation[i] = std::sqrt(deviation[i] / counts[i]);
}

template <class T>
Scaler fit_table(Scale kind, const Table<T>& table) {
  Scaler scaler;
  scaler.kind = kind;
  const Extremes extremes = find_extremes(table);
  std::vector<double> spread(table.columns);
  if (kind == Scale::standard) {
    fit_standard(table, scaler.offset, spread);
  } else {
    scaler.offset = extremes.least;
    for (std::size_t i = 0; i < table.columns; ++i) spread[i] = extremes.most[i] - extremes.least[i];
  }
  scaler.factor.assign(table.columns, 1);
  for (std::size_t i = 0; i < table.columns; ++i) {
    if (extremes.least[i] > extremes.most[i]) {  // the column has no values
      scaler.offset[i] = 0;
    } else if (extremes.least[i] == extremes.most[i]) {
      scaler.offset[i] = extremes.least[i];  // the exact value, so that the scaled values are exactly zero
    } else {
      scaler.factor[i] = 1 / spread[i];
    }
    if (!std::isnormal(scaler.factor[i]) || !std::isfinite(scaler.offset[i])) {
      throw Error(
          fmt::format("scale: the values of column {} ({} to {}) are too large or too close to be scaled; choose none",
                      i + 1, extremes.least[i], extremes.most[i]));
    }
  }
  return scaler;
}

void require_columns(const Tensor& values) {
  if (!is_float(values.dtype()) || values.raw() == nullptr || values.shape().rank() != 2) {
    throw Error(fmt::format("scale: needs a float tensor [rows, columns], got {}", values.type().to_string()));
  }
}

void require_rows(const Tensor& values, std::span<const std::int64_t> rows) {
  const std::int64_t row_count = values.shape()[0];
  if (row_count == 0) throw Error("scale: there are no rows to learn from; give at least one");
  for (std::int64_t row : rows) {
    if (row >= 0 && row < row_count) continue;
    throw Error(fmt::format("scale: row {} of {}; rows count from 0", row, row_count));
  }
}

}  // namespace

Scaler Scaler::fit(Scale kind, const Tensor& values, std::span<const std::int64_t> rows) {
  require_columns(values);
  if (kind == Scale::none) return {};
  require_rows(values, rows);
  const auto columns = static_cast<std::size_t>(values.shape()[1]);
  if (values.dtype() == DType::f64) return fit_table(kind, Table<double>{values.values<double>(), columns, rows});
  return fit_table(kind, Table<float>{values.values<float>(), columns, rows});
}

double Scaler::undo(double value, std::size_t column) const {
  return kind == Scale::none ? value : value / factor[column] + offset[column];
}

}  // namespace hillock

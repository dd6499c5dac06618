// The plane of two columns: its limits, and the network's answers on a grid.
#include "draw/plane_map.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "hillock/columns.h"
#include "hillock/tensor.h"

namespace hillock::program {
namespace {

constexpr std::int64_t kMostRows = 150;  // more marks would hide the map
constexpr double kMargin = 0.08;         // on each side, as a share of the rows' range

}  // namespace

std::optional<Plane> plane_of(const Model& model, const PreparedRows& train) {
  if (model.columns.size() != 2 || train.rows() == 0 || !model.target_names.empty()) return std::nullopt;
  const std::vector<ColumnAccount> columns = columns_of(model);
  for (const ColumnAccount& column : {columns[0], columns[1]}) {
    if (column.encoding.is_categorical() || column.encoding.date) return std::nullopt;
  }
  const std::int64_t inputs = train.features.shape()[1];
  const auto value = [&](std::int64_t row, std::size_t column) {
    return model.features.undo(train.features.at(row * inputs + columns[column].first_input), column);
  };
  Plane plane;
  plane.all_rows = train.rows();
  for (std::size_t column = 0; column < 2; ++column) {
    double low = value(0, column), high = low;
    for (std::int64_t row = 1; row < train.rows(); ++row) {
      low = std::min(low, value(row, column));
      high = std::max(high, value(row, column));
    }
    // A constant column gets a margin as well, larger than the rounding error of adding it.
    const double margin = low < high ? kMargin * (high - low) : std::max(1.0, std::abs(low) * 1e-6);
    plane.low[column] = low - margin;
    plane.high[column] = high + margin;
    if (!std::isfinite(plane.high[column] - plane.low[column])) return std::nullopt;
  }
  const std::int64_t count = std::min(train.rows(), kMostRows);
  const TargetScale scale = model.target_scale();
  for (std::int64_t k = 0; k < count; ++k) {
    const std::int64_t row = k * train.rows() / count;
    plane.rows.push_back({value(row, 0), value(row, 1), scale.unscaled(train.targets.at(row))});
  }
  return plane;
}

Tensor plane_points(const Plane& plane, std::size_t columns, std::size_t rows) {
  const auto cells = static_cast<std::int64_t>(columns * rows);
  Tensor points(TensorType{DType::f64, {cells, 2}, {}});
  const auto center = [](double from, double to, std::size_t k, std::size_t count) {
    return from + (to - from) * (static_cast<double>(k) + 0.5) / static_cast<double>(count);
  };
  std::int64_t at = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      points.set(at++, center(plane.low[0], plane.high[0], column, columns));
      points.set(at++, center(plane.high[1], plane.low[1], row, rows));
    }
  }
  return points;
}

Tensor plane_outputs(const Model& model, const Network& network, const Tensor& points) {
  return model.predict(points, network);
}

}  // namespace hillock::program

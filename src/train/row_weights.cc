// Checks weights and scales them to a mean of 1.
#include "train/row_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>

#include "hillock/error.h"
#include "rows/reader.h"
#include "train/dependence.h"

namespace hillock {

void require_weight_type(const RowTypes& types, DType dtype, std::string_view where) {
  if (!types.weights) return;
  const TensorType& type = *types.weights;
  if (type.dtype == dtype && type.shape.rank() == 1 && type.shape[0] == types.rows()) return;
  throw Error(fmt::format("{} weights are {}; there must be one {} for each of the {} rows", where, type.to_string(),
                          name_of(dtype), types.rows()));
}

void require_weights(const RowSource& rows, DType dtype, std::string_view where) {
  if (!rows.types().weights) return;
  require_weight_type(rows.types(), dtype, where);
  bool some = rows.rows() == 0;
  for_each_block(rows, kScanRows, {.weights = true}, [&](std::int64_t first, const RowsView& block) {
    const TensorView& weights = block.weights;
    for (std::int64_t k = 0; k < weights.elements(); ++k) {
      const double weight = weights.at(k);
      some = some || weight > 0;
      if (std::isfinite(weight) && weight >= 0) continue;
      throw Error(fmt::format("{} rows have the weight {} at row {} (from 0); weights must be finite and at least 0",
                              where, weight, first + k));
    }
  });
  if (!some) throw Error(fmt::format("{} rows all have the weight 0; at least one must count", where));
}

void require_weights(const Examples& examples, DType dtype, std::string_view where) {
  if (examples.weights == nullptr) return;
  require_weight_type({.features = examples.features->type(), .weights = examples.weights->type()}, dtype, where);
  require_weights(MemoryRows(examples), dtype, where);
}

std::optional<Tensor> normalized_weights(const RowSource& source) {
  const std::int64_t rows = source.rows();
  if (!source.types().weights || rows == 0) return {};
  Tensor weights(*source.types().weights);
  const auto bytes = std::span(static_cast<std::byte*>(weights.raw()), weights.bytes());
  for_each_block(source, kScanRows, {.weights = true}, [&](std::int64_t first, const RowsView& block) {
    std::memcpy(bytes.data() + static_cast<std::size_t>(first) * source.weight_bytes(), block.weights.raw(),
                block.weights.bytes());
  });
  double most = 0, least = weights.at(0);
  for (std::int64_t row = 0; row < rows; ++row) {
    most = std::max(most, weights.at(row));
    least = std::min(least, weights.at(row));
  }
  if (least == most) return {};
  // Divides by the largest weight first, since the sum of large weights would overflow and that of tiny ones underflow.
  double mean = 0;
  for (std::int64_t row = 0; row < rows; ++row) mean += weights.at(row) / most;
  mean /= static_cast<double>(rows);
  for (std::int64_t row = 0; row < rows; ++row) weights.set(row, weights.at(row) / most / mean);
  return weights;
}

std::optional<Tensor> normalized_weights(const Examples& examples) {
  if (examples.weights == nullptr) return {};
  return normalized_weights(MemoryRows(examples));
}

void require_weighted(const Graph& graph, Value loss, Value weights) {
  if (depends_on(graph, loss, weights)) return;
  throw Error(
      "loss: it does not look at the weights of the rows; multiply what each row loses by out.weights, or leave the "
      "weights out");
}

}  // namespace hillock

// Checking weights and bringing them to a mean of 1.
#include "train/row_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "hillock/error.h"
#include "train/dependence.h"

namespace hillock {

void require_weights(const Examples& examples, DType dtype, std::string_view where) {
  if (examples.weights == nullptr) return;
  const TensorType& type = examples.weights->type();
  if (type.dtype != dtype || type.shape.rank() != 1 || type.shape[0] != examples.rows()) {
    throw Error(fmt::format("{} weights are {}; there must be one {} for each of the {} rows", where, type.to_string(),
                            name_of(dtype), examples.rows()));
  }
  bool some = examples.rows() == 0;
  for (std::int64_t row = 0; row < examples.rows(); ++row) {
    const double weight = examples.weights->at(row);
    some = some || weight > 0;
    if (std::isfinite(weight) && weight >= 0) continue;
    throw Error(fmt::format("{} rows have the weight {} at row {} (from 0); weights must be finite and at least 0",
                            where, weight, row));
  }
  if (!some) throw Error(fmt::format("{} rows all have the weight 0; at least one must count", where));
}

std::optional<Tensor> normalized_weights(const Examples& examples) {
  if (examples.weights == nullptr || examples.rows() == 0) return {};
  const Tensor& given = *examples.weights;
  const std::int64_t rows = examples.rows();
  double most = 0, least = given.at(0);
  for (std::int64_t row = 0; row < rows; ++row) {
    most = std::max(most, given.at(row));
    least = std::min(least, given.at(row));
  }
  if (least == most) return {};
  // Divided by the largest first: the sum of weights near the largest number would overflow, of tiny ones vanish.
  double mean = 0;
  for (std::int64_t row = 0; row < rows; ++row) mean += given.at(row) / most;
  mean /= static_cast<double>(rows);
  Tensor weights(given.type());
  for (std::int64_t row = 0; row < rows; ++row) weights.set(row, given.at(row) / most / mean);
  return weights;
}

void require_weighted(const Graph& graph, Value loss, Value weights) {
  if (depends_on(graph, loss, weights)) return;
  throw Error(
      "loss: it does not look at the weights of the rows; multiply what each row loses by out.weights, or leave the "
      "weights out");
}

}  // namespace hillock

#include "train/judged_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "hillock/error.h"

namespace hillock {
namespace {

void require_weights_of(std::string_view where, const Tensor& weights, std::int64_t rows) {
  if (!is_float(weights.dtype()) || weights.shape().rank() != 1 || weights.shape()[0] != rows) {
    throw Error(fmt::format("{}: weights {} for {} rows; there must be one number for each", where,
                            weights.type().to_string(), rows));
  }
  bool some = rows == 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    const double weight = weights.at(row);
    some = some || weight > 0;
    if (std::isfinite(weight) && weight >= 0) continue;
    throw Error(fmt::format("{}: row {} (from 0) has the weight {}; weights must be finite and at least 0", where, row,
                            weight));
  }
  if (!some) throw Error(fmt::format("{}: all rows have the weight 0; at least one must count", where));
}

}  // namespace

void require_judged(std::string_view where, const Tensor& predictions, const Tensor& targets, const Tensor* weights) {
  if (!is_float(predictions.dtype()) || predictions.shape().rank() != 2 || predictions.shape()[1] < 1) {
    throw Error(
        fmt::format("{}: predictions are {}; give f32 or f64 [rows, outputs]", where, predictions.type().to_string()));
  }
  if (targets.shape().rank() < 1 || predictions.shape()[0] != targets.shape()[0]) {
    throw Error(fmt::format("{}: predictions {} and targets {} do not have the same rows; give one target for each",
                            where, predictions.type().to_string(), targets.type().to_string()));
  }
  if (weights != nullptr) require_weights_of(where, *weights, targets.shape()[0]);
}

void require_labels(std::string_view where, const Tensor& predictions, const Tensor& labels) {
  if (is_float(labels.dtype()) || labels.elements() != predictions.shape()[0]) {
    throw Error(fmt::format("{}: class labels are {} for {} rows; give one whole number for each", where,
                            labels.type().to_string(), predictions.shape()[0]));
  }
  const std::int64_t classes = std::max<std::int64_t>(predictions.shape()[1], 2);
  for (std::int64_t row = 0; row < labels.elements(); ++row) {
    const double label = labels.at(row);
    if (label >= 0 && label < static_cast<double>(classes)) continue;
    throw Error(fmt::format("{}: row {} has the label {}, and there are {} classes", where, row, label, classes));
  }
}

void require_numbers(std::string_view where, const Tensor& predictions, const Tensor& targets) {
  if (is_float(targets.dtype()) && predictions.elements() == targets.elements()) return;
  throw Error(fmt::format("{}: predictions {} and targets {} differ in shape; give a number for each prediction", where,
                          predictions.type().to_string(), targets.type().to_string()));
}

}  // namespace hillock

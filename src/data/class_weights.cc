// Computes the weights of classes, and from them the weights of rows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/dataset_check.h"
#include "hillock/data.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock {
namespace {

void require_classes(const Dataset& dataset) {
  if (dataset.task != Task::classification || !dataset.has_targets()) {
    throw Error(
        fmt::format("class weights: the target {} has no classes; give rows with class labels", quote(dataset.target)));
  }
  require_rows_fit("class weights", dataset);
}

std::size_t class_of(const Dataset& dataset, std::int64_t row) {
  return static_cast<std::size_t>(dataset.targets.values<std::int32_t>()[static_cast<std::size_t>(row)]);
}

double weight_of(const Dataset& dataset, std::int64_t row) {
  return dataset.has_weights() ? dataset.weights.at(row) : 1;
}

}  // namespace

std::vector<double> balanced_class_weights(const Dataset& dataset) {
  require_classes(dataset);
  std::vector<double> weights(dataset.classes.size());
  double total = 0;
  for (std::int64_t row = 0; row < dataset.rows(); ++row) {
    weights[class_of(dataset, row)] += weight_of(dataset, row);
    total += weight_of(dataset, row);
  }
  const auto present = static_cast<double>(std::ranges::count_if(weights, [](double sum) { return sum > 0; }));
  for (double& weight : weights) weight = weight > 0 ? total / (present * weight) : 1;
  return weights;
}

Tensor row_weights(const Dataset& dataset, std::span<const double> by_class, std::optional<DType> dtype) {
  require_classes(dataset);
  if (by_class.size() != dataset.classes.size()) {
    throw Error(
        fmt::format("class weights: {} for {} classes; give one for each", by_class.size(), dataset.classes.size()));
  }
  double most = 0;
  for (std::size_t i = 0; i < by_class.size(); ++i) {
    if (!std::isfinite(by_class[i]) || by_class[i] < 0) {
      throw Error(fmt::format("class weights: class \"{}\" has the weight {}; weights must be finite and at least 0",
                              dataset.classes[i], by_class[i]));
    }
    most = std::max(most, by_class[i]);
  }
  if (most == 0) throw Error("class weights: every class has the weight 0; at least one must count");
  Tensor weights(TensorType{dtype.value_or(dataset.features.dtype()), {dataset.rows()}, {}});
  for (std::int64_t row = 0; row < dataset.rows(); ++row)
    weights.set(row, weight_of(dataset, row) * (by_class[class_of(dataset, row)] / most));
  return weights;
}

}  // namespace hillock

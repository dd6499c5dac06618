// Metrics of predictions.
#include "hillock/metrics.h"

#include <numeric>

#include "train/examples.h"
#include "train/judged_rows.h"
#include "train/running_metrics.h"

namespace hillock {

Metrics classification_metrics(const Tensor& predictions, const Tensor& labels, const Tensor* weights, bool margins) {
  require_judged("metrics", predictions, labels, weights);
  require_labels("metrics", predictions, labels);
  ClassificationMetrics metrics(predictions.shape()[1], margins, weights);
  metrics.add(predictions, labels);
  return metrics.result();
}

Metrics regression_metrics(const Tensor& predictions, const Tensor& targets, const TargetScale& scale,
                           const Tensor* weights) {
  require_judged("metrics", predictions, targets, weights);
  require_numbers("metrics", predictions, targets);
  const std::int64_t rows = targets.shape()[0], outputs = predictions.shape()[1];
  require_scale(scale, "metrics", outputs);
  if (rows == 0) return {.rows = rows};
  TargetSummary summary(rows, outputs, weights);
  summary.add(targets);
  RegressionMetrics metrics(summary, rows, outputs, scale, weights);
  metrics.add(predictions, targets);
  return metrics.result();
}

std::int64_t Metrics::rows_of_class(std::size_t number) const {
  return std::accumulate(confusion[number].begin(), confusion[number].end(), std::int64_t{0});
}

}  // namespace hillock

// How good predictions are.
#include "hillock/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "hillock/decision.h"
#include "hillock/error.h"
#include "train/examples.h"
#include "train/judged_rows.h"
#include "train/ranking.h"

namespace hillock {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double weight_of(const Tensor* weights, std::int64_t row) { return weights == nullptr ? 1 : weights->at(row); }

// Area under the ROC curve: the share of pairs, one row of each class, that the scores put in order (Mann & Whitney
// 1947), a pair counting the product of its weights and half of it where scores are equal. NaN has no place in an
// order.
std::optional<double> area_under_curve(const std::vector<double>& scores, const std::vector<std::int64_t>& labels,
                                       const Tensor* weights) {
  if (std::ranges::any_of(scores, [](double score) { return std::isnan(score); })) return {};
  const std::vector<std::uint32_t> order = ascending_order(scores);
  double in_order = 0, positives = 0, negatives = 0;
  for (std::size_t first = 0; first < order.size();) {
    double equal_positives = 0, equal_negatives = 0;
    std::size_t last = first;
    for (; last < order.size() && scores[order[last]] == scores[order[first]]; ++last) {
      const double weight = weight_of(weights, static_cast<std::int64_t>(order[last]));
      (labels[order[last]] == 1 ? equal_positives : equal_negatives) += weight;
    }
    in_order += equal_positives * (negatives + equal_negatives / 2);
    positives += equal_positives;
    negatives += equal_negatives;
    first = last;
  }
  if (positives == 0 || negatives == 0) return {};
  return in_order / (positives * negatives);
}

// The outputs of one row.
void outputs_of(const Tensor& predictions, std::int64_t row, std::vector<double>& outputs) {
  const std::int64_t count = predictions.shape()[1];
  outputs.clear();
  for (std::int64_t k = 0; k < count; ++k) outputs.push_back(predictions.at(row * count + k));
}

// Guo et al. 2017, equation 3: rows are sorted into bins of equal width by the confidence in their predicted class;
// what counts is how far, bin by bin, the mean confidence is from the share of rows that are right.
class Calibration {
 public:
  void add(double confidence, bool right, double weight) {
    any_nan_ = any_nan_ || std::isnan(confidence);
    if (any_nan_) return;
    const double inside = std::clamp(confidence, 0.0, 1.0);  // outputs that are no probabilities may lie beyond
    const double bin = std::ceil(inside * static_cast<double>(gaps_.size())) - 1;
    gaps_[static_cast<std::size_t>(std::max(bin, 0.0))] += weight * ((right ? 1 : 0) - inside);
  }
  double error(double total_weight) const {
    if (any_nan_) return kNaN;
    double sum = 0;
    for (const double gap : gaps_) sum += std::abs(gap);
    return sum / total_weight;
  }

 private:
  std::array<double, kCalibrationBins> gaps_{};  // Σ weight × (right − confidence)
  bool any_nan_ = false;
};

// Recall, precision and F1 of each class from the confusion matrix; 0 / 0 is no number.
void judge_classes(Metrics& metrics) {
  const std::size_t classes = metrics.confusion.size();
  std::vector<double> of_class(classes), predicted(classes);
  for (std::size_t k = 0; k < classes; ++k) {
    for (std::size_t guess = 0; guess < classes; ++guess) {
      of_class[k] += static_cast<double>(metrics.confusion[k][guess]);
      predicted[guess] += static_cast<double>(metrics.confusion[k][guess]);
    }
  }
  for (std::size_t k = 0; k < classes; ++k) {
    const auto right = static_cast<double>(metrics.confusion[k][k]);
    metrics.recall.push_back(of_class[k] > 0 ? right / of_class[k] : kNaN);
    metrics.precision.push_back(predicted[k] > 0 ? right / predicted[k] : kNaN);
    metrics.f1.push_back(of_class[k] + predicted[k] > 0 ? 2 * right / (of_class[k] + predicted[k]) : kNaN);
  }
}

// Of a whole that the shares are of, a little less: rounding must not push a share that is met exactly to the next row.
constexpr double kNearlyAll = 1 - 1e-9;

// For each of kErrorShares the smallest error that at least this share of the errors does not exceed.
std::vector<double> quantiles_of(std::vector<double> errors) {
  std::vector<double> quantiles;
  auto rest = errors.begin();
  for (const double share : kErrorShares) {
    const double rank = std::ceil(share * static_cast<double>(errors.size()) * kNearlyAll);
    const auto at = errors.begin() + static_cast<std::ptrdiff_t>(rank) - 1;
    std::nth_element(rest, at, errors.end());
    quantiles.push_back(*at);
    rest = at;
  }
  return quantiles;
}

// The same by the weight of each row, which has one error.
std::vector<double> quantiles_of(const std::vector<double>& errors, const Tensor& weights) {
  std::vector<std::size_t> order(errors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return errors[a] < errors[b]; });
  const auto weight = [&](std::size_t row) { return weights.at(static_cast<std::int64_t>(row)); };
  double total = 0;
  for (const std::size_t i : order) total += weight(i);
  std::vector<double> quantiles;
  double below = 0;
  std::size_t next = 0;
  for (const double share : kErrorShares) {
    while (next < order.size() && (next == 0 || below < share * total * kNearlyAll)) below += weight(order[next++]);
    quantiles.push_back(errors[order[next - 1]]);
  }
  return quantiles;
}

std::vector<double> error_quantiles(std::vector<double> errors, const Tensor* weights) {
  if (std::ranges::any_of(errors, [](double error) { return std::isnan(error); }))
    return std::vector<double>(kErrorShares.size(), kNaN);
  return weights == nullptr ? quantiles_of(std::move(errors)) : quantiles_of(errors, *weights);
}

double total_weight(const Tensor* weights, std::int64_t rows) {
  if (weights == nullptr) return static_cast<double>(rows);
  double total = 0;
  for (std::int64_t row = 0; row < rows; ++row) total += weights->at(row);
  return total;
}

// Of output `k` of [rows, outputs], whose errors are multiplied by `factor`.
TargetMetrics metrics_of_output(const Tensor& predictions, const Tensor& targets, std::int64_t k, double factor,
                                const Tensor* weights) {
  const std::int64_t rows = predictions.shape()[0], outputs = predictions.shape()[1];
  const double n = total_weight(weights, rows), first = targets.at(k);
  double mean = 0;
  bool all_equal = true;
  for (std::int64_t row = 0; row < rows; ++row) {
    const double target = targets.at(row * outputs + k);
    mean += weight_of(weights, row) * target / n;
    all_equal = all_equal && target == first;
  }
  double squared = 0, absolute = 0, spread = 0;
  std::vector<double> errors;
  errors.reserve(static_cast<std::size_t>(rows));
  for (std::int64_t row = 0; row < rows; ++row) {
    const double target = targets.at(row * outputs + k);
    const double error = (predictions.at(row * outputs + k) - target) * factor;
    const double deviation = (target - mean) * factor;
    const double weight = weight_of(weights, row);
    squared += weight * (error * error);
    absolute += weight * std::abs(error);
    spread += weight * (deviation * deviation);
    errors.push_back(std::abs(error));
  }
  // The mean of equal targets is rounded, so that their spread need not be 0.
  return {.rmse = std::sqrt(squared / n),
          .mae = absolute / n,
          .r2 = spread > 0 && !all_equal ? 1 - squared / spread : kNaN,
          .error_quantiles = error_quantiles(std::move(errors), weights)};
}

// From the figures of each target those of all: means, or of a single target its own.
void judge_together(Metrics& metrics) {
  const auto count = static_cast<double>(metrics.targets.size());
  for (const TargetMetrics& target : metrics.targets) {
    metrics.rmse += target.rmse / count;
    metrics.mae += target.mae / count;
    metrics.r2 += target.r2 / count;
  }
  if (metrics.targets.size() > 1) return;
  metrics.error_quantiles = std::move(metrics.targets[0].error_quantiles);
  metrics.targets.clear();
}

}  // namespace

Metrics classification_metrics(const Tensor& predictions, const Tensor& labels, const Tensor* weights, bool margins) {
  require_judged("metrics", predictions, labels, weights);
  require_labels("metrics", predictions, labels);
  const std::int64_t rows = labels.elements();
  const auto classes = static_cast<std::size_t>(std::max<std::int64_t>(predictions.shape()[1], 2));
  Metrics metrics{.rows = rows};
  metrics.confusion.assign(classes, std::vector<std::int64_t>(classes, 0));
  std::vector<double> outputs, probabilities, scores;
  std::vector<std::int64_t> truth;
  double log_loss = 0;
  double right = 0;
  Calibration calibration;
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto label = static_cast<std::int64_t>(labels.at(row));
    outputs_of(predictions, row, outputs);
    class_scores<double>(outputs, margins, probabilities);
    const auto guess = static_cast<std::int64_t>(predicted_class<double>(outputs, margins));
    ++metrics.confusion[static_cast<std::size_t>(label)][static_cast<std::size_t>(guess)];
    const double weight = weight_of(weights, row);
    if (guess == label) right += weight;
    calibration.add(probabilities[static_cast<std::size_t>(guess)], guess == label, weight);
    // A probability of 0 for what happened would be an infinite loss; 1e-15 as scikit-learn had it.
    log_loss -= weight * std::log(std::clamp(probabilities[static_cast<std::size_t>(label)], 1e-15, 1.0));
    scores.push_back(probabilities[1]);
    truth.push_back(label);
  }
  judge_classes(metrics);
  if (rows > 0) {
    const double total = total_weight(weights, rows);
    metrics.accuracy = right / total;
    metrics.log_loss = margins ? kNaN : log_loss / total;
    metrics.calibration_error = margins ? kNaN : calibration.error(total);
  }
  if (classes == 2) metrics.auc = area_under_curve(scores, truth, weights);
  return metrics;
}

Metrics regression_metrics(const Tensor& predictions, const Tensor& targets, const TargetScale& scale,
                           const Tensor* weights) {
  require_judged("metrics", predictions, targets, weights);
  require_numbers("metrics", predictions, targets);
  const std::int64_t outputs = predictions.shape()[1];
  require_scale(scale, "metrics", outputs);
  Metrics metrics{.rows = targets.shape()[0]};
  if (metrics.rows == 0) return metrics;
  for (std::int64_t k = 0; k < outputs; ++k) {
    metrics.targets.push_back(
        metrics_of_output(predictions, targets, k, scale.of(static_cast<std::size_t>(k)).factor, weights));
  }
  judge_together(metrics);
  return metrics;
}

std::int64_t Metrics::rows_of_class(std::size_t number) const {
  return std::accumulate(confusion[number].begin(), confusion[number].end(), std::int64_t{0});
}

}  // namespace hillock

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

bool all_equal(const Tensor& values) {
  for (std::int64_t i = 1; i < values.elements(); ++i) {
    if (values.at(i) != values.at(0)) return false;
  }
  return true;
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

// The same by the weight of each error's row.
std::vector<double> quantiles_of(const std::vector<double>& errors, const Tensor& weights) {
  std::vector<std::size_t> order(errors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return errors[a] < errors[b]; });
  const std::size_t outputs = errors.size() / static_cast<std::size_t>(weights.elements());
  const auto weight = [&](std::size_t i) { return weights.at(static_cast<std::int64_t>(i / outputs)); };
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

Metrics regression_metrics(const Tensor& predictions, const Tensor& targets, TargetScale scale, const Tensor* weights) {
  require_judged("metrics", predictions, targets, weights);
  require_numbers("metrics", predictions, targets);
  require_scale(scale, "metrics");
  const std::int64_t count = targets.elements();
  Metrics metrics{.rows = targets.shape()[0]};
  if (count == 0) return metrics;
  const std::int64_t outputs = count / metrics.rows;
  const double n = total_weight(weights, metrics.rows) * static_cast<double>(outputs);
  double mean = 0;
  for (std::int64_t i = 0; i < count; ++i) mean += weight_of(weights, i / outputs) * targets.at(i) / n;
  double squared = 0;
  double absolute = 0;
  double spread = 0;
  std::vector<double> errors;
  errors.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    const double error = (predictions.at(i) - targets.at(i)) * scale.factor;
    const double deviation = (targets.at(i) - mean) * scale.factor;
    const double weight = weight_of(weights, i / outputs);
    squared += weight * (error * error);
    absolute += weight * std::abs(error);
    spread += weight * (deviation * deviation);
    errors.push_back(std::abs(error));
  }
  metrics.rmse = std::sqrt(squared / n);
  metrics.mae = absolute / n;
  // The mean of equal targets is rounded, so that their spread need not be 0.
  metrics.r2 = spread > 0 && !all_equal(targets) ? 1 - squared / spread : kNaN;
  metrics.error_quantiles = error_quantiles(std::move(errors), weights);
  return metrics;
}

std::int64_t Metrics::rows_of_class(std::size_t number) const {
  return std::accumulate(confusion[number].begin(), confusion[number].end(), std::int64_t{0});
}

}  // namespace hillock

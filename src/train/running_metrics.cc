// The sums run over the rows one by one in order, so that the results do not depend on the blocks.
#include "train/running_metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "core/element.h"
#include "hillock/decision.h"
#include "train/ranking.h"

namespace hillock {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double weight_of(const Tensor* weights, std::int64_t row) { return weights == nullptr ? 1 : weights->at(row); }

// The area under the ROC curve is the share of pairs, one row of each class, that the scores rank correctly (Mann &
// Whitney 1947). A pair counts by the product of its weights, and by half of it if the scores are equal. Undefined if a
// score is NaN.
std::optional<double> area_under_curve(const std::vector<double>& scores, const std::vector<bool>& positive,
                                       const Tensor* weights) {
  if (std::ranges::any_of(scores, [](double score) { return std::isnan(score); })) return {};
  const std::vector<std::uint32_t> order = ascending_order(scores);
  double in_order = 0, positives = 0, negatives = 0;
  for (std::size_t first = 0; first < order.size();) {
    double equal_positives = 0, equal_negatives = 0;
    std::size_t last = first;
    for (; last < order.size() && scores[order[last]] == scores[order[first]]; ++last) {
      const double weight = weight_of(weights, static_cast<std::int64_t>(order[last]));
      (positive[order[last]] ? equal_positives : equal_negatives) += weight;
    }
    in_order += equal_positives * (negatives + equal_negatives / 2);
    positives += equal_positives;
    negatives += equal_negatives;
    first = last;
  }
  if (positives == 0 || negatives == 0) return {};
  return in_order / (positives * negatives);
}

// Recall, precision and F1 of each class from the confusion matrix; 0 / 0 gives no value.
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

// Slightly less than the whole, so that rounding does not push a share that is reached exactly to the next row.
constexpr double kNearlyAll = 1 - 1e-9;

// For each of kErrorShares, the smallest error that at least this share of the errors does not exceed.
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

// The same by the weights of rows, for one error per row.
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

}  // namespace

// --- classes ---

void Calibration::add(double confidence, bool right, double weight) {
  any_nan_ = any_nan_ || std::isnan(confidence);
  if (any_nan_) return;
  const double inside = std::clamp(confidence, 0.0, 1.0);  // outputs that are not probabilities may be outside
  const double bin = std::ceil(inside * static_cast<double>(gaps_.size())) - 1;
  gaps_[static_cast<std::size_t>(std::max(bin, 0.0))] += weight * ((right ? 1 : 0) - inside);
}

double Calibration::error(double total_weight) const {
  if (any_nan_) return kNaN;
  double sum = 0;
  for (const double gap : gaps_) sum += std::abs(gap);
  return sum / total_weight;
}

ClassificationMetrics::ClassificationMetrics(std::int64_t outputs, bool margins, const Tensor* weights)
    : margins_(margins), weights_(weights), outputs_(static_cast<std::size_t>(outputs)) {
  const auto classes = static_cast<std::size_t>(std::max<std::int64_t>(outputs, 2));
  metrics_.confusion.assign(classes, std::vector<std::int64_t>(classes, 0));
}

void ClassificationMetrics::add(const TensorView& predictions, const TensorView& labels) {
  if (predictions.dtype() == DType::f32) {
    add_rows(predictions.values<float>().data(), labels);
  } else {
    add_rows(predictions.values<double>().data(), labels);
  }
}

template <class T>
void ClassificationMetrics::add_rows(const T* predictions, const TensorView& labels) {
  for (std::int64_t row = 0; row < labels.elements(); ++row) {
    for (double& output : outputs_) output = static_cast<double>(*predictions++);
    add_row(static_cast<std::int64_t>(element_at(labels.dtype(), labels.raw(), row)));
  }
}

void ClassificationMetrics::add_row(std::int64_t label) {
  class_scores<double>(outputs_, margins_, probabilities_);
  const auto guess = static_cast<std::int64_t>(predicted_class<double>(outputs_, margins_));
  ++metrics_.confusion[static_cast<std::size_t>(label)][static_cast<std::size_t>(guess)];
  const double weight = weight_of(weights_, metrics_.rows++);
  total_weight_ += weight;
  if (guess == label) right_ += weight;
  calibration_.add(probabilities_[static_cast<std::size_t>(guess)], guess == label, weight);
  // A probability of 0 for the true class would give an infinite loss; 1e-15 is the bound that scikit-learn used.
  log_loss_ -= weight * std::log(std::clamp(probabilities_[static_cast<std::size_t>(label)], 1e-15, 1.0));
  if (metrics_.confusion.size() > 2) return;
  scores_.push_back(probabilities_[1]);
  positive_.push_back(label == 1);
}

Metrics ClassificationMetrics::result() {
  judge_classes(metrics_);
  if (metrics_.rows > 0) {
    metrics_.accuracy = right_ / total_weight_;
    metrics_.log_loss = margins_ ? kNaN : log_loss_ / total_weight_;
    metrics_.calibration_error = margins_ ? kNaN : calibration_.error(total_weight_);
  }
  if (metrics_.confusion.size() == 2) metrics_.auc = area_under_curve(scores_, positive_, weights_);
  return std::move(metrics_);
}

// --- numbers ---

TargetSummary::TargetSummary(std::int64_t rows, std::int64_t outputs, const Tensor* weights)
    : outputs_(static_cast<std::size_t>(outputs)), weights_(weights), total_weight_(static_cast<double>(rows)) {
  if (weights == nullptr) return;
  total_weight_ = 0;
  for (std::int64_t row = 0; row < rows; ++row) total_weight_ += weights->at(row);
}

void TargetSummary::add(const TensorView& targets) {
  for (std::int64_t i = 0; i < targets.elements(); ++row_) {
    const double weight = weight_of(weights_, row_);
    for (Output& output : outputs_) {
      const double target = element_at(targets.dtype(), targets.raw(), i++);
      if (row_ == 0) output.first = target;
      output.mean += weight * target / total_weight_;
      output.all_equal = output.all_equal && target == output.first;
    }
  }
}

RegressionMetrics::RegressionMetrics(const TargetSummary& targets, std::int64_t rows, std::int64_t outputs,
                                     const TargetScale& scale, const Tensor* weights)
    : targets_(targets), rows_(rows), scale_(scale), weights_(weights), outputs_(static_cast<std::size_t>(outputs)) {
  for (Output& output : outputs_) output.errors.reserve(static_cast<std::size_t>(rows));
}

void RegressionMetrics::add(const TensorView& predictions, const TensorView& targets) {
  for (std::int64_t i = 0; i < targets.elements(); ++row_) {
    const double weight = weight_of(weights_, row_);
    for (std::size_t k = 0; k < outputs_.size(); ++k, ++i) {
      Output& output = outputs_[k];
      const double target = element_at(targets.dtype(), targets.raw(), i);
      const double factor = scale_.of(k).factor;
      const double error = (element_at(predictions.dtype(), predictions.raw(), i) - target) * factor;
      const double deviation = (target - targets_.mean(k)) * factor;
      output.squared += weight * (error * error);
      output.absolute += weight * std::abs(error);
      output.spread += weight * (deviation * deviation);
      output.errors.push_back(std::abs(error));
    }
  }
}

// The figures of each of several targets, and their means; for a single target its own figures.
Metrics RegressionMetrics::result() {
  Metrics metrics{.rows = rows_};
  const double n = targets_.total_weight(), count = static_cast<double>(outputs_.size());
  for (std::size_t k = 0; k < outputs_.size(); ++k) {
    Output& output = outputs_[k];
    // The computed mean of equal targets is rounded, so their spread need not be exactly 0.
    const bool spreads = output.spread > 0 && !targets_.all_equal(k);
    metrics.targets.push_back({.rmse = std::sqrt(output.squared / n),
                               .mae = output.absolute / n,
                               .r2 = spreads ? 1 - output.squared / output.spread : kNaN,
                               .error_quantiles = error_quantiles(std::move(output.errors), weights_)});
    metrics.rmse += metrics.targets.back().rmse / count;
    metrics.mae += metrics.targets.back().mae / count;
    metrics.r2 += metrics.targets.back().r2 / count;
  }
  if (metrics.targets.size() > 1) return metrics;
  metrics.error_quantiles = std::move(metrics.targets[0].error_quantiles);
  metrics.targets.clear();
  return metrics;
}

}  // namespace hillock

// The paired bootstrap. A resample only changes how often each row counts, so the rows are sorted by score
// once.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/random.h"
#include "hillock/error.h"
#include "hillock/metrics.h"
#include "train/examples.h"
#include "train/judged_rows.h"
#include "train/ranking.h"

namespace hillock {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t kResamples = 1000, kLeastResamples = 100, kMostDraws = 15'000'000;

// The number of times that each row occurs in a resample.
using Counts = std::vector<double>;

// The AUC of one set of scores for any counts.
class RankedScores {
 public:
  RankedScores(const std::vector<double>& scores, const std::vector<bool>& positive) : order_(ascending_order(scores)) {
    for (const std::uint32_t row : order_) {
      scores_.push_back(scores[row]);
      positive_.push_back(positive[row] ? 1 : 0);
    }
  }

  // Returns NaN if one class has no rows.
  double area(const Counts& counts) const {
    double in_order = 0, positives = 0, negatives = 0;
    for (std::size_t first = 0; first < order_.size();) {
      double equal_positives = 0, equal_negatives = 0;
      std::size_t last = first;
      for (; last < order_.size() && scores_[last] == scores_[first]; ++last) {
        (positive_[last] != 0 ? equal_positives : equal_negatives) += counts[order_[last]];
      }
      in_order += equal_positives * (negatives + equal_negatives / 2);
      positives += equal_positives;
      negatives += equal_negatives;
      first = last;
    }
    return in_order / (positives * negatives);
  }

 private:
  std::vector<std::uint32_t> order_;  // row numbers by score; the other members are in this order
  std::vector<double> scores_;
  std::vector<char> positive_;
};

// The R² of one of several targets for any counts.
class ExplainedTarget {
 public:
  ExplainedTarget(const Tensor& predictions, const Tensor& targets, std::int64_t output) {
    const std::int64_t rows = predictions.shape()[0], outputs = predictions.shape()[1];
    double mean = 0;
    for (std::int64_t row = 0; row < rows; ++row)
      mean += targets.at(row * outputs + output) / static_cast<double>(rows);
    for (std::int64_t row = 0; row < rows; ++row) {
      const double target = targets.at(row * outputs + output);
      const double error = predictions.at(row * outputs + output) - target;
      squared_errors_.push_back(error * error);
      deviations_.push_back(target - mean);
    }
  }

  // Not finite if all rows that count have the same target.
  double r2(const Counts& counts) const {
    double squared = 0, total = 0, sum = 0;
    for (std::size_t row = 0; row < counts.size(); ++row) {
      squared += counts[row] * squared_errors_[row];
      sum += counts[row] * deviations_[row];
      total += counts[row];
    }
    double spread = 0, low = kInfinity, high = -kInfinity;
    for (std::size_t row = 0; row < counts.size(); ++row) {
      if (counts[row] == 0) continue;
      const double deviation = deviations_[row] - sum / total;
      spread += counts[row] * deviation * deviation;
      low = std::min(low, deviations_[row]);
      high = std::max(high, deviations_[row]);
    }
    return low < high ? 1 - squared / spread : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  std::vector<double> squared_errors_, deviations_;
};

// One set of predictions, and its metric for any counts.
class Judged {
 public:
  Judged(const Tensor& predictions, const Tensor& targets, const TargetScale& scale) {
    const std::int64_t rows = predictions.shape()[0], outputs = predictions.shape()[1];
    const bool numbers = is_float(targets.dtype());
    if (numbers && outputs > 1) {
      for (std::int64_t k = 0; k < outputs; ++k) explained_.emplace_back(predictions, targets, k);
      return;
    }
    for (std::int64_t row = 0; row < rows; ++row) {
      if (numbers) {
        const double error = (predictions.at(row) - targets.at(row)) * scale.of(0).factor;
        by_row_.push_back(error * error);
        continue;
      }
      std::int64_t best = 0;
      for (std::int64_t k = 1; k < outputs; ++k) {
        if (predictions.at(row * outputs + k) > predictions.at(row * outputs + best)) best = k;
      }
      by_row_.push_back(best == static_cast<std::int64_t>(targets.at(row)) ? 1 : 0);
    }
    squared_errors_ = numbers;
    if (numbers || outputs > 2) return;
    std::vector<double> scores;
    std::vector<bool> positive;
    for (std::int64_t row = 0; row < rows; ++row) {
      scores.push_back(predictions.at(row * outputs + outputs - 1));
      positive.push_back(targets.at(row) == 1);
    }
    ranked_.emplace(scores, positive);
  }

  std::string_view metric() const {
    if (!explained_.empty()) return "r2";
    return squared_errors_ ? "rmse" : ranked_ ? "auc" : "accuracy";
  }

  double value(const Counts& counts) const {
    if (ranked_) return ranked_->area(counts);
    if (!explained_.empty()) return mean_r2(counts);
    double sum = 0, total = 0;
    for (std::size_t row = 0; row < counts.size(); ++row) {
      sum += counts[row] * by_row_[row];
      total += counts[row];
    }
    return squared_errors_ ? std::sqrt(sum / total) : sum / total;
  }

 private:
  double mean_r2(const Counts& counts) const {
    double mean = 0;
    for (const ExplainedTarget& target : explained_) mean += target.r2(counts) / static_cast<double>(explained_.size());
    return mean;
  }

  std::vector<ExplainedTarget> explained_;  // if there are several targets
  std::vector<double> by_row_;              // the squared error of each row, or whether it is right
  bool squared_errors_ = false;
  std::optional<RankedScores> ranked_;
};

void require_same_rows(const Tensor& ours, const Tensor& theirs, const Tensor& targets, const Tensor* weights) {
  require_judged("compare", ours, targets, weights);
  require_judged("compare", theirs, targets, weights);
  if (ours.shape() != theirs.shape()) {
    throw Error(fmt::format("compare: predictions {} and {}, targets {}: give the same rows", ours.type().to_string(),
                            theirs.type().to_string(), targets.type().to_string()));
  }
  if (is_float(targets.dtype())) {
    require_numbers("compare", ours, targets);
  } else {
    require_labels("compare", ours, targets);
  }
}

bool any_nan(const Tensor& values) {
  for (std::int64_t i = 0; i < values.elements(); ++i) {
    if (std::isnan(values.at(i))) return true;
  }
  return false;
}

// The value that has the share `share` of the sorted values below it, interpolated linearly between neighbours.
double percentile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

std::optional<Comparison> compare_predictions(const Tensor& ours, const Tensor& theirs, const Tensor& targets,
                                              std::uint64_t seed, const TargetScale& scale, const Tensor* weights) {
  require_same_rows(ours, theirs, targets, weights);
  require_scale(scale, "compare", ours.shape()[1]);
  const std::int64_t rows = ours.shape()[0];
  if (rows < 2 || any_nan(ours) || any_nan(theirs)) return std::nullopt;
  const Judged we(ours, targets, scale), they(theirs, targets, scale);
  const double sign = we.metric() == "rmse" ? -1 : 1;
  Counts own(static_cast<std::size_t>(rows), 1);
  if (weights != nullptr) {
    for (std::int64_t row = 0; row < rows; ++row) own[static_cast<std::size_t>(row)] = weights->at(row);
  }
  Comparison result{.metric = we.metric(), .ours = we.value(own), .theirs = they.value(own), .rows = rows};
  if (!std::isfinite(result.ours) || !std::isfinite(result.theirs)) return std::nullopt;
  result.difference = sign * (result.ours - result.theirs);
  const std::int64_t resamples = std::clamp(kMostDraws / rows, kLeastResamples, kResamples);
  PhiloxStream random(seed, "bootstrap");
  std::vector<double> differences;
  Counts counts(own.size());
  for (std::int64_t i = 0; i < resamples; ++i) {
    std::ranges::fill(counts, 0);
    for (std::int64_t draw = 0; draw < rows; ++draw) {
      const auto row = static_cast<std::size_t>(random.below(static_cast<std::uint64_t>(rows)));
      counts[row] += own[row];
    }
    const double difference = sign * (we.value(counts) - they.value(counts));
    if (std::isfinite(difference)) differences.push_back(difference);  // a class may be missing from a resample
  }
  if (differences.empty()) return std::nullopt;
  std::ranges::sort(differences);
  result.low = percentile(differences, 0.025);
  result.high = percentile(differences, 0.975);
  result.resamples = static_cast<std::int64_t>(differences.size());
  return result;
}

}  // namespace hillock

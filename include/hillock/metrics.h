// Metrics of predictions, and a test of whether one network predicts better than another.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "hillock/session.h"

namespace hillock {

class Network;
class Tensor;
struct Examples;
class RowSource;
namespace nn {
class Loss;
}

// The number of bins of Metrics::calibration_error, and the shares of rows of Metrics::error_quantiles.
inline constexpr std::size_t kCalibrationBins = 15;
inline constexpr std::array kErrorShares{0.5, 0.9, 0.95};

// The metrics of one of several regression targets, in the units of this target.
struct TargetMetrics {
  double rmse = 0;
  double mae = 0;
  double r2 = 0;
  std::vector<double> error_quantiles{};
};

struct Metrics {
  double loss = 0;  // the training loss over all rows as one batch, without penalties, with weights of mean 1
  std::int64_t rows = 0;
  // Classification.
  double accuracy = 0;
  double log_loss = 0;
  std::optional<double> auc{};  // only for two classes, if both occur and no score is NaN
  // Expected calibration error (Guo et al. 2017): the mean absolute difference between the probability of the predicted
  // class and the share of rows that are right, over 15 bins of equal width by this probability. NaN for margins.
  double calibration_error = 0;
  // For each class. NaN where undefined: recall of a class without rows, precision of a class that is never predicted,
  // F1 if both hold.
  std::vector<double> recall{}, precision{}, f1{};
  std::vector<std::vector<std::int64_t>> confusion{};  // [true class][predicted class]
  // Regression, in the units of the target. For several targets these are the means over the targets (scikit-learn's
  // multioutput="uniform_average"). R², which has no unit, then summarizes the predictions; a mean of errors in
  // different units says little.
  double rmse = 0;
  double mae = 0;
  double r2 = 0;
  // For each of kErrorShares the smallest absolute error that at least this share of the rows (by weight) does not
  // exceed; NaN if a prediction is NaN. Empty for several targets, each of which has its own.
  std::vector<double> error_quantiles{};
  // For several targets the metrics of each, in their order; empty for one target.
  std::vector<TargetMetrics> targets{};

  // Classification: the number of rows whose true class is `number`.
  std::int64_t rows_of_class(std::size_t number) const;
};

// How targets were standardized before training: prediction * factor + offset is in the original units.
struct TargetScale {
  double offset = 0;
  double factor = 1;
  // If outputs have different scales: one entry for each, which replaces the fields above. Otherwise empty.
  std::vector<TargetScale> each{};

  const TargetScale& of(std::size_t output) const { return each.empty() ? *this : each[output]; }
  double unscaled(double prediction, std::size_t output = 0) const {
    return prediction * of(output).factor + of(output).offset;
  }
};

// The metrics of `predictions` ([rows, outputs], after the output activation) against the true targets; `loss` stays 0.
// With one output, class 1 is predicted if the output exceeds ½ or, with `margins` (nn::Loss::margins), 0; log_loss and
// calibration_error are NaN for margins. `weights` ([rows], floats ≥ 0, not all 0) count each row that many times in
// accuracy, log_loss, auc, calibration_error, rmse, mae, r2 and error_quantiles; recall, precision, f1 and confusion
// count every row once. Throws Error if predictions, targets and `scale` do not fit together.
Metrics classification_metrics(const Tensor& predictions, const Tensor& labels, const Tensor* weights = nullptr,
                               bool margins = false);
Metrics regression_metrics(const Tensor& predictions, const Tensor& targets, const TargetScale& scale = {},
                           const Tensor* weights = nullptr);

// The loss and metrics of a network in inference mode (no dropout). Integer targets mean classification, float targets
// regression. Rows are read in blocks; memory grows with their number only by 8 bytes per regression target (for the
// error quantiles) or per row of two classes (24 while the scores are sorted), by the normalized weights, and, if
// `loss` is not a RowLoss, by all outputs and targets. Throws Error if the rows do not fit the network.
Metrics evaluate(const Network& network, const nn::Loss& loss, const Examples& examples, const TargetScale& scale = {},
                 const SessionOptions& options = {});
Metrics evaluate(const Network& network, const nn::Loss& loss, const RowSource& rows, const TargetScale& scale = {},
                 const SessionOptions& options = {});

// A comparison of two sets of predictions for the same rows by the paired bootstrap (Efron & Tibshirani 1993, chapter
// 13): rows are resampled with replacement, the same ones for both, and the difference of the metric is computed again.
// The metric is AUC for two classes, accuracy for more, RMSE for one regression target, and the mean R² for several,
// whose units may differ.
struct Comparison {
  std::string_view metric;  // "auc", "accuracy", "rmse", "r2"
  double ours = 0, theirs = 0;
  double difference = 0;     // positive if ours is better: ours − theirs, but theirs − ours for rmse
  double low = 0, high = 0;  // the 2.5th and 97.5th percentiles of the resampled differences
  std::int64_t rows = 0;
  std::int64_t resamples = 0;

  double half_width() const { return (high - low) / 2; }
  bool better() const { return low > 0; }
  bool worse() const { return high < 0; }
};

// Compares `ours` with `theirs`, both [rows, outputs] after the output activation, as classification_metrics and
// regression_metrics take them; likewise `weights`. Draws 1000 resamples by `seed`, fewer (at least 100) above 15 000
// rows; the same arguments give the same result. Returns nullopt if there are fewer than two rows, a prediction is NaN,
// only one class occurs where AUC is the metric, or one of several targets is constant. Throws Error if the shapes do
// not fit.
std::optional<Comparison> compare_predictions(const Tensor& ours, const Tensor& theirs, const Tensor& targets,
                                              std::uint64_t seed, const TargetScale& scale = {},
                                              const Tensor* weights = nullptr);

}  // namespace hillock

// How good predictions are: losses and scores of rows, and whether one network is better than another.
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

// Bins of Metrics::calibration_error, and the shares of rows of Metrics::error_quantiles.
inline constexpr std::size_t kCalibrationBins = 15;
inline constexpr std::array kErrorShares{0.5, 0.9, 0.95};

// How good the predictions of one of several targets are, in its units.
struct TargetMetrics {
  double rmse = 0;
  double mae = 0;
  double r2 = 0;
  std::vector<double> error_quantiles{};
};

struct Metrics {
  double loss = 0;  // the training loss, without penalties, with all rows as one batch and weights of mean 1
  std::int64_t rows = 0;
  // classification
  double accuracy = 0;
  double log_loss = 0;
  std::optional<double> auc{};  // two classes, both present, and no score that is NaN
  // Expected calibration error (Guo et al. 2017): the mean distance, over 15 bins of equal width by the probability of
  // the predicted class, between this probability and the share of rows that are right. NaN for margins.
  double calibration_error = 0;
  // By class. A class without rows has no recall, one that is never predicted no precision, one that is neither no F1:
  // NaN.
  std::vector<double> recall{}, precision{}, f1{};
  std::vector<std::vector<std::int64_t>> confusion{};  // [true class][predicted class]
  // Regression, in the units of the target. Of several targets the means of their figures (in scikit-learn
  // multioutput="uniform_average"): R², which has no unit, says how good the predictions are together; the mean of
  // errors in different units says little.
  double rmse = 0;
  double mae = 0;
  double r2 = 0;
  // For each of kErrorShares the smallest absolute error that at least this share of the rows (by weight) does not
  // exceed; NaN where a prediction is. Empty for several targets: each has its own.
  std::vector<double> error_quantiles{};
  // Of several targets each one's figures, in their order; empty where there is one.
  std::vector<TargetMetrics> targets{};

  // Classification: the rows whose class it is, from the confusion.
  std::int64_t rows_of_class(std::size_t number) const;
};

// For targets that were standardized before training: prediction * factor + offset is in the original units.
struct TargetScale {
  double offset = 0;
  double factor = 1;
  // Where outputs are scaled each by itself: one for each of them, in place of the numbers above. Else empty.
  std::vector<TargetScale> each{};

  const TargetScale& of(std::size_t output) const { return each.empty() ? *this : each[output]; }
  double unscaled(double prediction, std::size_t output = 0) const {
    return prediction * of(output).factor + of(output).offset;
  }
};

// Judges `predictions` ([rows, outputs], after the output activation) against `targets`. `loss` is left at 0.
// Classification with one output: class 1 where it exceeds ½, with `margins` (nn::Loss::margins) where it exceeds 0;
// margins have no log_loss and no calibration_error (NaN). With `weights` ([rows], floats ≥ 0, not all 0) accuracy,
// log_loss, auc, calibration_error, rmse, mae, r2 and error_quantiles count each row so often; recall, precision, f1
// and confusion count rows as they are. Throws Error if the predictions, the targets and `scale` do not fit.
Metrics classification_metrics(const Tensor& predictions, const Tensor& labels, const Tensor* weights = nullptr,
                               bool margins = false);
Metrics regression_metrics(const Tensor& predictions, const Tensor& targets, const TargetScale& scale = {},
                           const Tensor* weights = nullptr);

// Loss and metrics of a network, without dropout. Class labels mean classification, numbers regression. Throws Error if
// the examples do not fit the network.
Metrics evaluate(const Network& network, const nn::Loss& loss, const Examples& examples, const TargetScale& scale = {},
                 const SessionOptions& options = {});
Metrics evaluate(const Network& network, const nn::Loss& loss, const RowSource& rows, const TargetScale& scale = {},
                 const SessionOptions& options = {});

// How much better one set of predictions is than another for the same rows, by the paired bootstrap (Efron & Tibshirani
// 1993, chapter 13): rows are drawn anew with replacement, the same for both, and the difference is computed again. The
// metric is AUC for two classes, accuracy for more, RMSE for a number, and for several numbers, which may have
// different units, the mean of their R².
struct Comparison {
  std::string_view metric;  // "auc", "accuracy", "rmse", "r2"
  double ours = 0, theirs = 0;
  double difference = 0;     // positive where ours is better: ours − theirs, for rmse theirs − ours
  double low = 0, high = 0;  // from the 2.5th to the 97.5th percentile of the differences of the resamples
  std::int64_t rows = 0;
  std::int64_t resamples = 0;

  double half_width() const { return (high - low) / 2; }
  bool better() const { return low > 0; }
  bool worse() const { return high < 0; }
};

// Both predictions are [rows, outputs] after the output activation, as classification_metrics and regression_metrics
// take them; `weights` too. 1000 resamples, fewer (at least 100) above 15 000 rows, drawn by `seed`: the same
// arguments give the same numbers. Nothing if there are fewer than two rows, if a prediction is NaN, if AUC has only
// one class to judge, or if one of several targets is the same in all rows. Throws Error if the shapes do not fit.
std::optional<Comparison> compare_predictions(const Tensor& ours, const Tensor& theirs, const Tensor& targets,
                                              std::uint64_t seed, const TargetScale& scale = {},
                                              const Tensor* weights = nullptr);

}  // namespace hillock

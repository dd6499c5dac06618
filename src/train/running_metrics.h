// Metrics of rows that come block by block, in their order. What is held of each row is what has to be sorted: of two
// classes a score and a bit for the area under the curve, of numbers the absolute error of each for the quantiles.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hillock/metrics.h"
#include "hillock/tensor.h"
#include "hillock/tensor_view.h"

namespace hillock {

// Guo et al. 2017, equation 3: rows are sorted into bins of equal width by the confidence in their predicted class;
// what counts is how far, bin by bin, the mean confidence is from the share of rows that are right.
class Calibration {
 public:
  void add(double confidence, bool right, double weight);
  double error(double total_weight) const;

 private:
  std::array<double, kCalibrationBins> gaps_{};  // Σ weight × (right − confidence)
  bool any_nan_ = false;
};

class ClassificationMetrics {
 public:
  // `weights`, of all rows or nullptr, must outlive it.
  ClassificationMetrics(std::int64_t outputs, bool margins, const Tensor* weights);
  // The next rows: predictions [rows, outputs] and labels [rows], each of a class that there is.
  void add(const TensorView& predictions, const TensorView& labels);
  Metrics result();

 private:
  template <class T>
  void add_rows(const T* predictions, const TensorView& labels);
  void add_row(std::int64_t label);

  bool margins_;
  const Tensor* weights_;
  Metrics metrics_;
  std::vector<double> outputs_, probabilities_;  // of a row
  double log_loss_ = 0, right_ = 0, total_weight_ = 0;
  Calibration calibration_;
  std::vector<double> scores_;  // of two classes: of the second, row by row
  std::vector<bool> positive_;
};

// What the metrics of numbers ask about all targets first: of each output their mean by weight, and whether all are
// equal.
class TargetSummary {
 public:
  // `weights`, of all rows or nullptr, must outlive it.
  TargetSummary(std::int64_t rows, std::int64_t outputs, const Tensor* weights);
  void add(const TensorView& targets);  // [rows, outputs], the next ones

  double total_weight() const { return total_weight_; }
  // Of one of the outputs.
  double mean(std::size_t output) const { return outputs_[output].mean; }
  bool all_equal(std::size_t output) const { return outputs_[output].all_equal; }

 private:
  struct Output {
    double mean = 0, first = 0;
    bool all_equal = true;
  };
  std::vector<Output> outputs_;
  std::int64_t row_ = 0;
  const Tensor* weights_;
  double total_weight_;
};

class RegressionMetrics {
 public:
  // `targets` has seen all rows; it and `weights`, of all rows or nullptr, must outlive this.
  RegressionMetrics(const TargetSummary& targets, std::int64_t rows, std::int64_t outputs, const TargetScale& scale,
                    const Tensor* weights);
  void add(const TensorView& predictions, const TensorView& targets);  // [rows, outputs], the next ones
  Metrics result();

 private:
  struct Output {
    double squared = 0, absolute = 0, spread = 0;
    std::vector<double> errors;
  };
  const TargetSummary& targets_;
  std::int64_t rows_, row_ = 0;
  TargetScale scale_;
  const Tensor* weights_;
  std::vector<Output> outputs_;
};

}  // namespace hillock

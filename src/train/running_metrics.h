// Computes metrics of rows that arrive block by block, in order. Per row it holds only what must be sorted: for two
// classes a score and a bit (for the area under the curve), for numbers the absolute errors (for the quantiles).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hillock/metrics.h"
#include "hillock/tensor.h"
#include "hillock/tensor_view.h"

namespace hillock {

// Guo et al. 2017, equation 3. Rows are sorted into bins of equal width by the confidence in their predicted class; in
// each bin the mean confidence is compared with the share of rows that are right.
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
  // `weights`, those of all rows or nullptr, must outlive this object.
  ClassificationMetrics(std::int64_t outputs, bool margins, const Tensor* weights);
  // The next rows: predictions [rows, outputs] and labels [rows], which must be class numbers.
  void add(const TensorView& predictions, const TensorView& labels);
  Metrics result();

 private:
  template <class T>
  void add_rows(const T* predictions, const TensorView& labels);
  void add_row(std::int64_t label);

  bool margins_;
  const Tensor* weights_;
  Metrics metrics_;
  std::vector<double> outputs_, probabilities_;  // those of a row
  double log_loss_ = 0, right_ = 0, total_weight_ = 0;
  Calibration calibration_;
  std::vector<double> scores_;  // of the second of two classes, one per row
  std::vector<bool> positive_;
};

// What metrics of numbers need to know about all targets in advance: for each output their weighted mean, and whether
// all are equal.
class TargetSummary {
 public:
  // `weights`, those of all rows or nullptr, must outlive this object.
  TargetSummary(std::int64_t rows, std::int64_t outputs, const Tensor* weights);
  void add(const TensorView& targets);  // the next targets, [rows, outputs]

  double total_weight() const { return total_weight_; }
  // The mean of one of the outputs.
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
  // `targets` must have seen all rows. It and `weights`, those of all rows or nullptr, must outlive this object.
  RegressionMetrics(const TargetSummary& targets, std::int64_t rows, std::int64_t outputs, const TargetScale& scale,
                    const Tensor* weights);
  void add(const TensorView& predictions, const TensorView& targets);  // of the next rows, [rows, outputs]
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

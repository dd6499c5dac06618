// Precision, F1, calibration error and quantiles of errors, compared with scikit-learn and NumPy
// (scripts/make_metric_oracles.py). Undefined cases are checked by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "hillock/train.h"
#include "tests/golden.h"

namespace hillock {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Makes a tensor from a list of numbers, or of lists of numbers.
Tensor matrix(const nlohmann::json& values) {
  const bool nested = values[0].is_array();
  const auto rows = static_cast<std::int64_t>(values.size());
  const auto columns = nested ? static_cast<std::int64_t>(values[0].size()) : 1;
  Tensor tensor(TensorType{DType::f64, {rows, columns}, {}});
  std::int64_t i = 0;
  for (const auto& row : values) {
    if (!nested) tensor.set(i++, row.get<double>());
    for (std::size_t k = 0; nested && k < row.size(); ++k) tensor.set(i++, row[k].get<double>());
  }
  return tensor;
}

Tensor labels_of(const nlohmann::json& values, std::int64_t classes) {
  Tensor tensor(TensorType{DType::i32, {static_cast<std::int64_t>(values.size())}, IntegerRange{0, classes}});
  for (std::size_t i = 0; i < values.size(); ++i) tensor.set(static_cast<std::int64_t>(i), values[i].get<double>());
  return tensor;
}

// The golden weights, scaled to a mean of 1 as an evaluation does. Only their ratios may matter.
Tensor weights_of(const nlohmann::json& values) {
  double sum = 0;
  for (const auto& value : values) sum += value.get<double>();
  Tensor tensor(TensorType{DType::f64, {static_cast<std::int64_t>(values.size())}, {}});
  for (std::size_t i = 0; i < values.size(); ++i) {
    tensor.set(static_cast<std::int64_t>(i), values[i].get<double>() * static_cast<double>(values.size()) / sum);
  }
  return tensor;
}

void expect_each(const std::vector<double>& values, const nlohmann::json& expected, const char* what) {
  ASSERT_EQ(values.size(), expected.size()) << what;
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_DOUBLE_EQ(values[i], expected[i].get<double>()) << what << i;
}

class MetricsOfClasses : public ::testing::TestWithParam<const char*> {};

// The sums differ from NumPy's by the rounding errors of 120 terms of at most 1.
TEST_P(MetricsOfClasses, AreThoseOfScikitLearnAndGuo) {
  const nlohmann::json golden = read_golden("metrics.json");
  const nlohmann::json& figures = golden[GetParam()];
  const Tensor scores = matrix(figures["scores"]);
  const Tensor labels = labels_of(figures["labels"], std::max<std::int64_t>(2, scores.shape()[1]));
  const Metrics plain = classification_metrics(scores, labels);
  expect_each(plain.precision, figures["precision"], "precision");
  expect_each(plain.recall, figures["recall"], "recall");
  expect_each(plain.f1, figures["f1"], "f1");
  EXPECT_NEAR(plain.calibration_error, figures["calibration_error"]["plain"].get<double>(), 1e-13);
  const Tensor weights = weights_of(golden["weights"]);
  const Metrics weighted = classification_metrics(scores, labels, &weights);
  EXPECT_NEAR(weighted.calibration_error, figures["calibration_error"]["weighted"].get<double>(), 1e-13);
  expect_each(weighted.precision, figures["precision"], "precision counts rows");
  expect_each(weighted.f1, figures["f1"], "f1 counts rows");
}

INSTANTIATE_TEST_SUITE_P(Golden, MetricsOfClasses, ::testing::Values("classes", "binary"));

TEST(MetricsOfRegression, QuantilesOfErrorsAreNumpysInTheTargetsUnits) {
  const nlohmann::json golden = read_golden("metrics.json");
  const nlohmann::json& figures = golden["regression"];
  const Tensor predictions = matrix(figures["predictions"]), targets = matrix(figures["targets"]);
  const Tensor weights = weights_of(golden["weights"]);
  const Metrics plain = regression_metrics(predictions, targets, {.offset = 7, .factor = 8});
  const Metrics weighted = regression_metrics(predictions, targets, {}, &weights);
  for (std::size_t i = 0; i < kErrorShares.size(); ++i) {
    EXPECT_DOUBLE_EQ(plain.error_quantiles.at(i), 8 * figures["error_quantiles"]["plain"][i].get<double>()) << i;
    EXPECT_DOUBLE_EQ(weighted.error_quantiles.at(i), figures["error_quantiles"]["weighted"][i].get<double>()) << i;
  }
}

// The errors are 1, 2, … 20: 19 rows are exactly 95 %, and rounding must not make them 20.
TEST(MetricsOfRegression, AShareThatIsMetExactlyIsEnough) {
  Tensor predictions(TensorType{DType::f64, {20, 1}, {}}), targets = predictions;
  for (std::int64_t i = 0; i < 20; ++i) predictions.set(i, static_cast<double>(i % 2 == 0 ? i + 1 : -i - 1));
  EXPECT_EQ(regression_metrics(predictions, targets).error_quantiles, (std::vector<double>{10, 18, 19}));
  Tensor weights(TensorType{DType::f64, {20}, {}});
  for (std::int64_t i = 0; i < 20; ++i) weights.set(i, 0.1);
  EXPECT_EQ(regression_metrics(predictions, targets, {}, &weights).error_quantiles, (std::vector<double>{10, 18, 19}))
      << "equal weights are none";
  const Tensor one = Tensor::from<double>({1, 1}, {2});
  EXPECT_EQ(regression_metrics(one, Tensor::from<double>({1, 1}, {5})).error_quantiles, (std::vector<double>{3, 3, 3}));
}

// True classes 0 0 1 1 1, predicted 0 0 0 0 2. Class 1 is never predicted; classes 2 and 3 have no rows.
TEST(Metrics, WhatCannotBeSaidIsNoNumber) {
  Tensor scores(TensorType{DType::f64, {5, 4}, {}});
  for (std::int64_t row = 0; row < 5; ++row) scores.set(row * 4 + (row == 4 ? 2 : 0), 1);
  const Metrics metrics = classification_metrics(scores, labels_of({0, 0, 1, 1, 1}, 4));
  EXPECT_EQ(metrics.precision[0], 0.5);
  EXPECT_EQ(metrics.recall[0], 1);
  EXPECT_DOUBLE_EQ(metrics.f1[0], 2.0 / 3);
  EXPECT_TRUE(std::isnan(metrics.precision[1]));
  EXPECT_EQ(metrics.recall[1], 0);
  EXPECT_EQ(metrics.f1[1], 0) << "none of its rows was found";
  EXPECT_EQ(metrics.precision[2], 0);
  EXPECT_TRUE(std::isnan(metrics.recall[2]));
  EXPECT_EQ(metrics.f1[2], 0);
  EXPECT_TRUE(std::isnan(metrics.precision[3]) && std::isnan(metrics.recall[3]) && std::isnan(metrics.f1[3]));
  // Every prediction is certain and two of five are right: 1 − 2/5.
  EXPECT_DOUBLE_EQ(metrics.calibration_error, 0.6);
  EXPECT_EQ(metrics.rows_of_class(0), 2);
  EXPECT_EQ(metrics.rows_of_class(1), 3);
  EXPECT_EQ(metrics.rows_of_class(2), 0);
}

// Their computed mean, 0.1 + 0.1 + … over n, is not exactly 0.1.
TEST(Metrics, EqualTargetsHaveNoR2) {
  const Tensor targets = Tensor::from<double>({7, 1}, {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1});
  const Tensor predictions = Tensor::from<double>({7, 1}, {0.1, 0.2, 0.3, 0.1, 0.1, 0.1, 0.1});
  EXPECT_TRUE(std::isnan(regression_metrics(predictions, targets).r2));
}

TEST(Metrics, MarginsAndNaNHaveNoCalibration) {
  const nlohmann::json labels{0, 1, 1};
  const Metrics margins =
      classification_metrics(Tensor::from<double>({3, 1}, {-2, 3, -1}), labels_of(labels, 2), nullptr, true);
  EXPECT_TRUE(std::isnan(margins.calibration_error));
  EXPECT_EQ(margins.precision, (std::vector<double>{0.5, 1}));
  const Metrics broken = classification_metrics(Tensor::from<double>({3, 1}, {0.2, kNaN, 0.9}), labels_of(labels, 2));
  EXPECT_TRUE(std::isnan(broken.calibration_error));
  const Metrics numbers =
      regression_metrics(Tensor::from<double>({2, 1}, {0.2, kNaN}), Tensor::from<double>({2, 1}, {0, 0}));
  for (const double quantile : numbers.error_quantiles) EXPECT_TRUE(std::isnan(quantile));
}

}  // namespace
}  // namespace hillock

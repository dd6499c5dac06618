// The bootstrap on cases with a known answer.
#include <gtest/gtest.h>

#include <cmath>

#include "core/random.h"
#include "hillock/error.h"
#include "hillock/train.h"

namespace hillock {
namespace {

Tensor labels(const std::vector<std::int32_t>& values, std::int64_t classes) {
  Tensor tensor(TensorType{DType::i32, Shape{static_cast<std::int64_t>(values.size())}, IntegerRange{0, classes}});
  std::copy(values.begin(), values.end(), tensor.values<std::int32_t>().begin());
  return tensor;
}

Tensor column(const std::vector<double>& values) {
  return Tensor::from<double>(Shape{static_cast<std::int64_t>(values.size()), 1}, values);
}

// Predictions of three classes, each with certainty; `right` tells which rows are right.
Tensor votes(const std::vector<std::int32_t>& truth, const std::vector<bool>& right) {
  Tensor tensor(TensorType{DType::f64, Shape{static_cast<std::int64_t>(truth.size()), 3}, {}});
  for (std::size_t row = 0; row < truth.size(); ++row) {
    const std::int32_t vote = right[row] ? truth[row] : (truth[row] + 1) % 3;
    tensor.set(static_cast<std::int64_t>(row) * 3 + vote, 1);
  }
  return tensor;
}

// The difference of two accuracies is a mean over rows of −1, 0 and 1, so its standard error is known.
TEST(Comparison, IntervalOfAccuraciesIsThatOfAMean) {
  PhiloxStream random(3, "rows");
  std::vector<std::int32_t> truth;
  std::vector<bool> ours, theirs;
  double sum = 0, squares = 0;
  constexpr int kRows = 2000;
  for (int row = 0; row < kRows; ++row) {
    truth.push_back(static_cast<std::int32_t>(random.below(3)));
    ours.push_back(random.uniform() < 0.8);
    theirs.push_back(random.uniform() < 0.7);
    const double difference = (ours.back() ? 1 : 0) - (theirs.back() ? 1 : 0);
    sum += difference;
    squares += difference * difference;
  }
  const auto found = compare_predictions(votes(truth, ours), votes(truth, theirs), labels(truth, 3), 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->metric, "accuracy");
  const double mean = sum / kRows, error = std::sqrt((squares / kRows - mean * mean) / kRows);
  EXPECT_NEAR(found->difference, mean, 1e-12);
  // A percentile of 1000 resamples has itself a relative error of about 4 %.
  EXPECT_NEAR(found->half_width(), 1.96 * error, 0.12 * error * 1.96);
  EXPECT_TRUE(found->better());
  EXPECT_FALSE(found->worse());
}

// Over many data sets without a difference, about 95 % of the intervals contain zero.
TEST(Comparison, IntervalsCoverTheTruth) {
  int covered = 0;
  constexpr int kSets = 300, kRows = 120;
  for (int set = 0; set < kSets; ++set) {
    PhiloxStream random(static_cast<std::uint64_t>(set), "set");
    std::vector<double> truth, ours, theirs;
    for (int row = 0; row < kRows; ++row) {
      truth.push_back(random.normal());
      ours.push_back(truth.back() + random.normal());
      theirs.push_back(truth.back() + random.normal());
    }
    const auto found = compare_predictions(column(ours), column(theirs), column(truth), 7);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->metric, "rmse");
    covered += found->low <= 0 && found->high >= 0 ? 1 : 0;
  }
  // 285 are expected, with a standard deviation of 3.8. The bootstrap gives slightly narrow intervals for so small
  // data.
  EXPECT_GE(covered, 270);
  EXPECT_LE(covered, 298);
}

TEST(Comparison, AreasCountTiesAndTheBetterModelWins) {
  PhiloxStream random(5, "scores");
  std::vector<std::int32_t> truth;
  std::vector<double> ours, theirs;
  for (int row = 0; row < 400; ++row) {
    truth.push_back(static_cast<std::int32_t>(random.below(2)));
    ours.push_back(std::floor((truth.back() + random.uniform() * 2) * 8) / 24);
    theirs.push_back(random.uniform());
  }
  const Tensor targets = labels(truth, 2);
  const auto found = compare_predictions(column(ours), column(theirs), targets, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->metric, "auc");
  EXPECT_NEAR(found->ours, *classification_metrics(column(ours), targets).auc, 1e-12);
  EXPECT_NEAR(found->theirs, *classification_metrics(column(theirs), targets).auc, 1e-12);
  EXPECT_TRUE(found->better());
  const auto reversed = compare_predictions(column(theirs), column(ours), targets, 1);
  EXPECT_TRUE(reversed->worse());
  EXPECT_EQ(reversed->low, -found->high);
  const auto itself = compare_predictions(column(ours), column(ours), targets, 1);
  EXPECT_FALSE(itself->better() || itself->worse());
}

TEST(Comparison, WeightsAreCopies) {
  const std::vector<double> truth{0, 0, 0, 0}, ours{1, 2, 3, 1}, theirs{2, 2, 2, 2};
  const Tensor weights = Tensor::from<double>(Shape{4}, std::vector<double>{2, 0, 1, 0});
  const auto found = compare_predictions(column(ours), column(theirs), column(truth), 1, {0, 10}, &weights);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->ours, 10 * std::sqrt((2 * 1 + 9) / 3.0), 1e-12);
  EXPECT_NEAR(found->difference, 20 - found->ours, 1e-12);
}

TEST(Comparison, SaysNothingWhereNothingCanBeSaid) {
  const Tensor one = column({1});
  EXPECT_FALSE(compare_predictions(one, one, column({1}), 1));
  const Tensor both = column({0.2, 0.4});
  EXPECT_FALSE(compare_predictions(both, both, labels({1, 1}, 2), 1));
  const Tensor broken = column({0.2, std::nan("")});
  EXPECT_FALSE(compare_predictions(both, broken, labels({0, 1}, 2), 1));
  EXPECT_THROW(compare_predictions(both, one, labels({0, 1}, 2), 1), Error);
}

}  // namespace
}  // namespace hillock

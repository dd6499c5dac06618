// Scores of several targets against scikit-learn 1.9.1, each by itself (multioutput="raw_values") and together
// (multioutput="uniform_average"):
//   T = [[1, 100], [2, 300], [3, 200], [4, 500], [5, 400], [7, 150]]
//   P = [[1.5, 120], [1.75, 260], [3.25, 230], [3.5, 450], [5.5, 420], [6, 200]]
//   root_mean_squared_error(T, P, sample_weight=w, multioutput=…), mean_absolute_error, r2_score
// without weights, and with [1, 2, 0.5, 3, 1, 1.5].
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/error_testing.h"
#include "hillock/train.h"

namespace hillock {
namespace {

const std::vector<double> kTargets{1, 100, 2, 300, 3, 200, 4, 500, 5, 400, 7, 150};
const std::vector<double> kPredictions{1.5, 120, 1.75, 260, 3.25, 230, 3.5, 450, 5.5, 420, 6, 200};
const std::vector<double> kWeights{1, 2, 0.5, 3, 1, 1.5};

Tensor pairs(const std::vector<double>& values) {
  return Tensor::from<double>({static_cast<std::int64_t>(values.size()) / 2, 2}, values);
}

struct Figures {
  double rmse[3], mae[3], r2[3];  // of the first target, of the second, and together
};
constexpr Figures kPlain{{0.5590169943749475, 37.193189340702325, 18.876103167538638},
                         {0.5, 35.0, 17.75},
                         {0.9196428571428572, 0.9301052631578948, 0.924874060150376}};
constexpr Figures kWeighted{{0.568257570707744, 41.76654695380556, 21.16740226225665},
                            {0.5138888888888888, 40.0, 20.256944444444443},
                            {0.9079005281690141, 0.9227076923076923, 0.9153041102383532}};

// Sums of six terms may differ by a few roundings.
void expect_figures(const Metrics& metrics, const Figures& figures) {
  constexpr double kRelative = 1e-14;
  ASSERT_EQ(metrics.targets.size(), 2u);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(metrics.targets[k].rmse, figures.rmse[k], kRelative * figures.rmse[k]) << k;
    EXPECT_NEAR(metrics.targets[k].mae, figures.mae[k], kRelative * figures.mae[k]) << k;
    EXPECT_NEAR(metrics.targets[k].r2, figures.r2[k], kRelative) << k;
  }
  EXPECT_NEAR(metrics.rmse, figures.rmse[2], kRelative * figures.rmse[2]);
  EXPECT_NEAR(metrics.mae, figures.mae[2], kRelative * figures.mae[2]);
  EXPECT_NEAR(metrics.r2, figures.r2[2], kRelative);
}

TEST(MetricsOfSeveralTargets, AreScikitLearnsForEachAndTogether) {
  const Tensor targets = pairs(kTargets), predictions = pairs(kPredictions);
  const Metrics plain = regression_metrics(predictions, targets);
  expect_figures(plain, kPlain);
  EXPECT_EQ(plain.rows, 6);
  const Tensor weights = Tensor::from<double>({6}, kWeights);
  expect_figures(regression_metrics(predictions, targets, {}, &weights), kWeighted);
}

// Each target gets the figures that it would get alone, bit for bit.
TEST(MetricsOfSeveralTargets, AreThoseOfEachTargetAlone) {
  const Metrics both = regression_metrics(pairs(kPredictions), pairs(kTargets));
  for (std::size_t k = 0; k < 2; ++k) {
    std::vector<double> targets, predictions;
    for (std::size_t row = 0; row < 6; ++row) {
      targets.push_back(kTargets[2 * row + k]);
      predictions.push_back(kPredictions[2 * row + k]);
    }
    const Metrics alone =
        regression_metrics(Tensor::from<double>({6, 1}, predictions), Tensor::from<double>({6, 1}, targets));
    EXPECT_EQ(both.targets[k].rmse, alone.rmse);
    EXPECT_EQ(both.targets[k].mae, alone.mae);
    EXPECT_EQ(both.targets[k].r2, alone.r2);
    EXPECT_EQ(both.targets[k].error_quantiles, alone.error_quantiles);
    EXPECT_TRUE(alone.targets.empty());
  }
  EXPECT_TRUE(both.error_quantiles.empty()) << "errors in different units have no quantiles together";
}

TEST(MetricsOfSeveralTargets, AreInTheUnitsOfEach) {
  const TargetScale scale{.each = {{.offset = 3, .factor = 2}, {.offset = -10, .factor = 50}}};
  std::vector<double> targets = kTargets, predictions = kPredictions;
  for (std::vector<double>* values : {&targets, &predictions}) {
    for (std::size_t i = 0; i < values->size(); ++i) {
      const TargetScale& own = scale.of(i % 2);
      (*values)[i] = ((*values)[i] - own.offset) / own.factor;
    }
  }
  EXPECT_DOUBLE_EQ(scale.unscaled(targets[3], 1), 300);
  const Metrics metrics = regression_metrics(pairs(predictions), pairs(targets), scale);
  for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(metrics.targets[k].rmse, kPlain.rmse[k], 1e-13 * kPlain.rmse[k]);
  EXPECT_NEAR(metrics.r2, kPlain.r2[2], 1e-13);
}

TEST(MetricsOfSeveralTargets, OneWithoutR2LeavesNoneTogether) {
  const Metrics metrics = regression_metrics(pairs({1, 5, 2, 6}), pairs({1, 7, 3, 7}));
  EXPECT_FALSE(std::isnan(metrics.targets[0].r2));
  EXPECT_TRUE(std::isnan(metrics.targets[1].r2)) << "7 in every row";
  EXPECT_TRUE(std::isnan(metrics.r2));
}

TEST(MetricsOfSeveralTargets, RefuseScalesThatDoNotFit) {
  const Tensor two = pairs(kTargets);
  EXPECT_EQ(error_of([&] { (void)regression_metrics(two, two, {.each = {{.factor = 2}}}); }),
            "metrics: there are 2 outputs and scales for 1 of them; give one for each");
  EXPECT_EQ(error_of([&] {
              (void)regression_metrics(two, two, {.each = {{.factor = 2}, {.factor = 0}}});
            }),
            "metrics: the targets are scaled by 0 with the offset 0; give finite numbers and a factor that is not 0");
}

// R² has no unit, so its mean decides the same whatever the units of the targets.
TEST(ComparisonOfSeveralTargets, CountsEachAlikeWhateverItsUnit) {
  const Tensor targets = pairs(kTargets), ours = pairs(kPredictions);
  std::vector<double> worse = kPredictions;
  for (std::size_t i = 0; i < worse.size(); i += 2) worse[i] += 2;
  const auto found = compare_predictions(ours, pairs(worse), targets, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->metric, "r2");
  EXPECT_NEAR(found->ours, kPlain.r2[2], 1e-13);
  EXPECT_NEAR(found->theirs, regression_metrics(pairs(worse), targets).r2, 1e-13);
  EXPECT_GT(found->difference, 0);
  const Tensor constant = pairs({1, 7, 3, 7});
  EXPECT_FALSE(compare_predictions(constant, constant, constant, 1)) << "7 in every row";
}

}  // namespace
}  // namespace hillock

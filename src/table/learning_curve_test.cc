// The median and the spread of several runs, computed by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "hillock/compare.h"

namespace hillock {
namespace {

ComparedRun run(std::vector<CurvePoint> curve, StopReason stopped = StopReason::epochs) {
  ComparedRun run;
  run.result.stopped = stopped;
  run.curve = std::move(curve);
  run.ended = true;
  return run;
}

TEST(LearningCurve, IsTheMedianAndThePercentilesOfTheRuns) {
  ComparedConfiguration configuration{.name = "lr=0.1", .log_every = 2};
  for (int k = 0; k < 11; ++k) {
    configuration.runs.push_back(run({{1, 1, 10.0 + k, NAN}, {2, 2, 1.0 + k, NAN}}));
  }
  const LearningCurve curve = learning_curve(configuration, &CurvePoint::train_loss);
  EXPECT_EQ(curve.name, "lr=0.1");
  EXPECT_EQ(curve.epochs, (std::vector<double>{1, 2}));
  EXPECT_EQ(curve.median, (std::vector<double>{15, 6}));
  EXPECT_EQ(curve.low, (std::vector<double>{11, 2}));
  EXPECT_EQ(curve.high, (std::vector<double>{19, 10}));
}

TEST(LearningCurve, KeepsTheLastLossOfARunThatEndedAndIsInfiniteAfterOneThatWasNotFinite) {
  ComparedConfiguration configuration{.log_every = 1};
  configuration.runs.push_back(run({{1, 1, 4, 8}, {2, 2, 3, 7}}));            // ends at epoch 2
  configuration.runs.push_back(run({{1, 1, 6, 5}}, StopReason::not_finite));  // diverges after epoch 1
  configuration.runs.push_back(run({{1, 1, 5, 6}, {2, 2, 4, 9}, {3, 3, 2, 4}}));
  const LearningCurve train = learning_curve(configuration, &CurvePoint::train_loss);
  EXPECT_EQ(train.epochs, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(train.median, (std::vector<double>{5, 4, 3}));
  EXPECT_EQ(train.low, (std::vector<double>{4, 3, 2}));
  EXPECT_EQ(train.high, (std::vector<double>{6, INFINITY, INFINITY}));
  const LearningCurve validation = learning_curve(configuration, &CurvePoint::validation_loss);
  EXPECT_EQ(validation.median, (std::vector<double>{6, 9, 7}));
  EXPECT_TRUE(learning_curve({}, &CurvePoint::train_loss).epochs.empty());
}

}  // namespace
}  // namespace hillock

// The predicted class, in cases done by hand.
#include "hillock/decision.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "hillock/error.h"

namespace hillock {
namespace {

using Floats = std::vector<float>;

TEST(Decision, GoesByTheLargestOutputOrTheThreshold) {
  const auto winner = [](const Floats& outputs, bool margins) { return predicted_class<float>(outputs, margins); };
  EXPECT_EQ(winner({0.5f}, false), 0u) << "½ does not exceed ½";
  EXPECT_EQ(winner({0.51f}, false), 1u);
  EXPECT_EQ(winner({0}, true), 0u);
  EXPECT_EQ(winner({0.01f}, true), 1u);
  EXPECT_EQ(winner({NAN}, false), 0u);
  EXPECT_EQ(winner({0.2f, 0.4f, 0.4f}, false), 1u) << "the first of equal ones";
  EXPECT_EQ(winner({-3, -1, -2}, true), 1u);
}

TEST(Decision, GivesEveryClassItsScore) {
  Floats scores{9, 9, 9};
  class_scores<float>(Floats{0.25f}, false, scores);
  EXPECT_EQ(scores, (Floats{0.75f, 0.25f}));
  class_scores<float>(Floats{0.25f}, true, scores);
  EXPECT_EQ(scores, (Floats{-0.25f, 0.25f}));
  class_scores<float>(Floats{0.5f, 0.125f, 0.375f}, false, scores);
  EXPECT_EQ(scores, (Floats{0.5f, 0.125f, 0.375f}));
}

TEST(Decision, IsTheWinnerAndHowSureTheOutputsAre) {
  const auto one = decide(Tensor::from<float>({3, 1}, {0.25f, 0.75f, NAN}), false);
  EXPECT_EQ(one[0].winner, 0u);
  EXPECT_EQ(one[0].confidence, 0.75);
  EXPECT_EQ(one[1].winner, 1u);
  EXPECT_EQ(one[1].confidence, 0.75);
  EXPECT_TRUE(std::isnan(one[2].confidence));
  EXPECT_THROW(decide(Tensor::from<float>({3}, {1, 2, 3}), false), Error);
  const auto margins = decide(Tensor::from<float>({2, 1}, {0.25f, -3}), true);
  EXPECT_EQ(margins[0].winner, 1u);
  EXPECT_EQ(margins[0].confidence, 0.625);
  EXPECT_EQ(margins[1].winner, 0u);
  EXPECT_EQ(margins[1].confidence, 1);
  const auto three = decide(Tensor::from<float>({2, 3}, {0.25f, 0.5f, 0.25f, 0.5f, 0.25f, 0.25f}), false);
  EXPECT_EQ(three[0].winner, 1u);
  EXPECT_EQ(three[1].winner, 0u);
  EXPECT_EQ(three[1].confidence, 0.5);
}

}  // namespace
}  // namespace hillock

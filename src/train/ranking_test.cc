// Sorting rows by score.
#include "train/ranking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace hillock {
namespace {

TEST(Ranking, SortsAsAStableSortDoes) {
  std::mt19937_64 random(1);
  for (const std::size_t count : {0u, 1u, 2u, 17u, 5000u}) {
    std::vector<double> scores;
    for (std::size_t i = 0; i < count; ++i) {
      const auto bits = static_cast<double>(static_cast<std::int64_t>(random()));
      // Large and small, positive and negative scores, many of them equal.
      scores.push_back(i % 3 == 0 ? bits : i % 3 == 1 ? bits * 0x1p-90 : static_cast<double>(random() % 7) - 3);
    }
    std::vector<std::uint32_t> expected(count);
    std::iota(expected.begin(), expected.end(), std::uint32_t{0});
    std::ranges::stable_sort(expected, [&](std::uint32_t a, std::uint32_t b) { return scores[a] < scores[b]; });
    EXPECT_EQ(ascending_order(scores), expected) << count;
  }
}

TEST(Ranking, TakesBothZerosForOneAndInfinitiesForTheEnds) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(ascending_order({0.0, kInfinity, -0.0, -kInfinity, 0.0, -1e-300}),
            (std::vector<std::uint32_t>{3, 5, 0, 2, 4, 1}));
}

}  // namespace
}  // namespace hillock

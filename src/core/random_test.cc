// Known answers of Philox and splitmix64, moments of the streams, and that a stream depends on its key alone.
#include "core/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace hillock {
namespace {

// Random123 1.09, tests/kat_vectors: philox 4x32 10.
TEST(Philox, KnownAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox({ones, ones, ones, ones}, {ones, ones}),
            (PhiloxBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// The first outputs of the generator with state 0 (Vigna, splitmix64.c).
TEST(SplitMix64, KnownAnswers) {
  EXPECT_EQ(splitmix64(0), 0xE220A8397B1DCDAFu);
  EXPECT_EQ(splitmix64(0x9E3779B97F4A7C15u), 0x6E789E6AA1B965F4u);
}

// FNV-1a of "" and "a" (Fowler, Noll & Vo, test vectors).
TEST(HashName, KnownAnswers) {
  EXPECT_EQ(hash_name(""), 0xCBF29CE484222325u);
  EXPECT_EQ(hash_name("a"), 0xAF63DC4C8601EC8Cu);
}

TEST(PhiloxStream, RepeatsForTheSameSeedNameAndCounterOnly) {
  const auto first = [](std::uint64_t seed, const char* name, std::uint64_t counter) {
    return PhiloxStream(seed, name, counter).next_bits();
  };
  EXPECT_EQ(first(1, "dense1.weight", 0), first(1, "dense1.weight", 0));
  EXPECT_NE(first(1, "dense1.weight", 0), first(2, "dense1.weight", 0));
  EXPECT_NE(first(1, "dense1.weight", 0), first(1, "dense2.weight", 0));
  EXPECT_NE(first(1, "dense1.weight", 0), first(1, "dense1.weight", 1));
}

// The sample moments of n draws must lie within 5 standard errors of the distribution's moments. By chance this fails
// once in a million, but the draws are always the same.
TEST(PhiloxStream, UniformHasTheMomentsOfTheUniformDistribution) {
  constexpr int kDraws = 200000;
  PhiloxStream stream(7, "uniform");
  double sum = 0;
  double squares = 0;
  for (int k = 0; k < kDraws; ++k) {
    const double x = stream.uniform();
    ASSERT_GE(x, 0.0);
    ASSERT_LT(x, 1.0);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 5 * std::sqrt(1.0 / 12 / kDraws));
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / kDraws));
}

TEST(PhiloxStream, NormalHasTheMomentsOfTheNormalDistribution) {
  constexpr int kDraws = 200000;
  PhiloxStream stream(7, "normal");
  double moments[4] = {};
  for (int k = 0; k < kDraws; ++k) {
    const double x = stream.normal();
    double power = 1;
    for (double& moment : moments) moment += power *= x;
  }
  const double expected[4] = {0, 1, 0, 3};
  const double variance[4] = {1, 2, 15, 96};  // the variances of x, x^2, x^3, x^4
  for (int k = 0; k < 4; ++k) EXPECT_NEAR(moments[k] / kDraws, expected[k], 5 * std::sqrt(variance[k] / kDraws)) << k;
}

TEST(PhiloxStream, BelowIsWithinItsBoundAndEven) {
  PhiloxStream stream(7, "below");
  std::vector<int> counts(5, 0);
  for (int k = 0; k < 50000; ++k) ++counts.at(static_cast<std::size_t>(stream.below(5)));
  for (int count : counts) EXPECT_NEAR(count, 10000, 5 * std::sqrt(50000 * 0.2 * 0.8));
  EXPECT_EQ(stream.below(1), 0u);
}

TEST(Shuffle, PermutesAndDependsOnItsStream) {
  const auto shuffled = [](std::uint64_t epoch) {
    std::vector<std::int64_t> rows(100);
    std::iota(rows.begin(), rows.end(), 0);
    PhiloxStream stream(3, "rows", epoch);
    shuffle(std::span(rows), stream);
    return rows;
  };
  EXPECT_EQ(shuffled(0), shuffled(0));
  EXPECT_NE(shuffled(0), shuffled(1));
  std::vector<std::int64_t> sorted = shuffled(0);
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t k = 0; k < sorted.size(); ++k) EXPECT_EQ(sorted[k], static_cast<std::int64_t>(k));
}

}  // namespace
}  // namespace hillock

// Gives the same bits as the definition, however the elements are cut.
#include "core/running_reduction.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace hillock {
namespace {

template <class T>
std::vector<T> numbers(std::int64_t count) {
  std::vector<T> values;
  for (std::int64_t i = 0; i < count; ++i) values.push_back(static_cast<T>(std::sin(static_cast<double>(i * i)) * 1e3));
  return values;
}

template <class Rule, class T>
void expect_same(const std::vector<T>& values) {
  const T whole =
      reduce_elements<Rule, T>(std::ssize(values), [&](std::int64_t i) { return values[static_cast<std::size_t>(i)]; });
  for (const std::size_t piece : {1u, 3u, 16u, 100u, 256u, 4096u, 5000u}) {
    RunningReduction<Rule, T> running;
    for (std::size_t first = 0; first < values.size(); first += piece)
      running.add(std::span<const T>(values).subspan(first, std::min(piece, values.size() - first)));
    EXPECT_EQ(running.count(), std::ssize(values));
    EXPECT_EQ(running.result(), whole) << values.size() << " elements in pieces of " << piece;
  }
}

TEST(RunningReduction, GivesTheBitsOfTheWhole) {
  for (const std::int64_t count : {0, 1, 2, 15, 16, 17, 100, 4095, 4096, 4097, 8192, 12345}) {
    expect_same<SumRule>(numbers<float>(count));
    expect_same<SumRule>(numbers<double>(count));
    expect_same<MaxRule>(numbers<float>(count));
  }
}

TEST(RunningReduction, OfOneElementIsThatElement) {
  RunningReduction<SumRule, float> sum;
  const float zero = -0.0F;
  sum.add({&zero, 1});
  EXPECT_TRUE(std::signbit(sum.result()));
}

}  // namespace
}  // namespace hillock

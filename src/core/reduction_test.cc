// The canonical order of reductions: checked against sums done by hand, and vector kernels against loops bit for bit.
#include "core/reduction.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/random.h"
#include "cpu/reduction.h"

namespace hillock {
namespace {

template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

// Equal bits, or both NaN.
template <class T>
testing::AssertionResult same_bits(T x, T y) {
  if (x != x && y != y) return testing::AssertionSuccess();
  if (std::bit_cast<BitsOf<T>>(x) == std::bit_cast<BitsOf<T>>(y)) return testing::AssertionSuccess();
  return testing::AssertionFailure() << x << " and " << y << " differ";
}

template <class T>
std::vector<T> draw(std::int64_t count, std::uint64_t counter) {
  PhiloxStream stream(11, "reduction", counter);
  std::vector<T> values(static_cast<std::size_t>(count));
  for (T& value : values) value = static_cast<T>(stream.normal());
  return values;
}

// Counts around multiples of a vector, of 16 lanes and of a block.
const std::int64_t kCounts[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 100, 4095, 4096, 4097, 4112, 8192, 9001};

TEST(ReduceElements, FollowsLanesFoldAndBlocks) {
  // 2^24 + 1 rounds to 2^24 in f32, so the result shows in which order numbers were added. Lanes 0 and 8 are added
  // first, and a 1 is lost only if it is added to 2^24 by itself.
  std::vector<float> x(24, 0.0f);
  x[0] = 0x1p24f;
  x[8] = 1;
  x[4] = 1;
  x[12] = 1;
  const auto at = [&](std::int64_t k) { return x[static_cast<std::size_t>(k)]; };
  // (2^24 + 1) + (1 + 1) = 2^24 + 2, where the ascending order would lose all three.
  EXPECT_EQ((reduce_elements<SumRule, float>(24, at)), 0x1p24f + 2);
  // Element 16 is also in lane 0.
  x[16] = -0x1p24f;
  EXPECT_EQ((reduce_elements<SumRule, float>(24, at)), 3.0f);
  // Element 4096 begins the second block, which is added last.
  std::vector<float> y(4097, 0.0f);
  y[0] = 0x1p24f;
  y[8] = 2;
  y[4096] = -0x1p24f;
  EXPECT_EQ((reduce_elements<SumRule, float>(4097, [&](std::int64_t k) { return y[static_cast<std::size_t>(k)]; })),
            2.0f);
}

TEST(ReduceElements, OfNothingIsTheIdentity) {
  const auto at = [](std::int64_t) { return 1.0; };
  EXPECT_TRUE(same_bits(reduce_elements<SumRule, double>(0, at), 0.0));
  EXPECT_EQ((reduce_elements<MaxRule, double>(0, at)), -std::numeric_limits<double>::infinity());
}

template <class T>
class VectorReduction : public testing::Test {};
using Floats = testing::Types<float, double>;
TYPED_TEST_SUITE(VectorReduction, Floats);

template <class Rule, class T>
void expect_rows_agree() {
  for (std::int64_t count : kCounts) {
    const std::vector<T> x = draw<T>(count + 1, static_cast<std::uint64_t>(count));
    for (std::int64_t offset : {0, 1}) {  // an aligned and an unaligned row
      const T* from = x.data() + offset;
      EXPECT_TRUE(same_bits(cpu::reduce_contiguous<Rule>(from, count),
                            reduce_elements<Rule, T>(count, [&](std::int64_t k) { return from[k]; })))
          << count << " elements";
    }
  }
}

TYPED_TEST(VectorReduction, OfRowsEqualsTheDefinition) {
  expect_rows_agree<SumRule, TypeParam>();
  expect_rows_agree<MaxRule, TypeParam>();
}

template <class Rule, class T>
void expect_columns_agree() {
  for (std::int64_t rows : kCounts) {
    for (std::int64_t columns : {1, 3, 7, 8, 9, 16, 21}) {
      const std::int64_t stride = columns + 2;
      const std::vector<T> x = draw<T>(rows * stride, static_cast<std::uint64_t>(rows));
      std::vector<T> out(static_cast<std::size_t>(columns) + 1, T{42});
      cpu::reduce_columns<Rule>(x.data(), rows, columns, stride, out.data());
      for (std::int64_t c = 0; c < columns; ++c) {
        const auto at = [&](std::int64_t r) { return x[static_cast<std::size_t>(r * stride + c)]; };
        EXPECT_TRUE(same_bits(out[static_cast<std::size_t>(c)], reduce_elements<Rule, T>(rows, at)))
            << rows << " rows of " << columns << ", column " << c;
      }
      EXPECT_EQ(out.back(), T{42}) << "written past the last column";
    }
  }
}

TYPED_TEST(VectorReduction, OfColumnsEqualsTheDefinition) {
  expect_columns_agree<SumRule, TypeParam>();
  expect_columns_agree<MaxRule, TypeParam>();
}

TYPED_TEST(VectorReduction, SpecialNumbersAsInTheDefinition) {
  using Limits = std::numeric_limits<TypeParam>;
  const TypeParam specials[] = {0,
                                TypeParam{-0.0},
                                Limits::infinity(),
                                -Limits::infinity(),
                                Limits::quiet_NaN(),
                                Limits::max(),
                                Limits::lowest()};
  PhiloxStream stream(5, "specials");
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<TypeParam> x(37, trial % 2 == 0 ? TypeParam{1} : TypeParam{-0.0});
    for (int k = 0; k < 3; ++k) {
      x[static_cast<std::size_t>(stream.below(x.size()))] = specials[stream.below(std::size(specials))];
    }
    const auto at = [&](std::int64_t k) { return x[static_cast<std::size_t>(k)]; };
    EXPECT_TRUE(same_bits(cpu::reduce_contiguous<SumRule>(x.data(), 37), reduce_elements<SumRule, TypeParam>(37, at)));
    EXPECT_TRUE(same_bits(cpu::reduce_contiguous<MaxRule>(x.data(), 37), reduce_elements<MaxRule, TypeParam>(37, at)));
    std::vector<TypeParam> table;  // each element repeated in 9 columns
    for (TypeParam value : x) table.insert(table.end(), 9, value);
    std::vector<TypeParam> out(9);
    cpu::reduce_columns<MaxRule>(table.data(), 37, 9, 9, out.data());
    for (TypeParam value : out) EXPECT_TRUE(same_bits(value, reduce_elements<MaxRule, TypeParam>(37, at)));
  }
}

}  // namespace
}  // namespace hillock

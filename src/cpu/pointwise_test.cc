// The loop over elements: for every length, unaligned operands and in place, nothing is written beyond the end, and the
// bits of an element do not depend on its position.
#include "cpu/pointwise.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "core/math.h"

namespace hillock::cpu {
namespace {

constexpr std::int64_t kLongest = 70;
constexpr std::size_t kGuard = 16;

template <class T>
class PointwiseTest : public testing::Test {
 protected:
  static PointwiseFunction function_of(const PointwiseRule& rule) { return sizeof(T) == 4 ? rule.f32 : rule.f64; }

  // Elements that differ from operand to operand, starting `shift` elements after an aligned address, between guards.
  static std::vector<T> operand(std::int64_t elements, int number) {
    std::vector<T> values(static_cast<std::size_t>(elements) + 2 * kGuard, T(-77));
    for (std::size_t i = 0; i < static_cast<std::size_t>(elements); ++i) {
      values[kGuard + i] = static_cast<T>(static_cast<double>(i * 7 % 31) / 8 - 1.9 + number);
    }
    return values;
  }

  // Runs `rule` on `operands` operands at every length and shift and compares with `scalar` applied to each element.
  // `target` is the operand that is overwritten, or -1 for a separate buffer.
  template <class Scalar>
  static void check(const PointwiseRule& rule, std::size_t operands, int target, Scalar scalar, double parameter = 0) {
    const std::array<double, 2> parameters = {parameter, 0};
    for (std::int64_t elements = 0; elements <= kLongest; ++elements) {
      for (std::size_t shift = 0; shift < 3; ++shift) {
        std::array<std::vector<T>, 4> buffers;
        for (int k = 0; k < 4; ++k) buffers[static_cast<std::size_t>(k)] = operand(elements, k);
        const auto originals = buffers;
        std::vector<T>& out = buffers[target < 0 ? 3 : static_cast<std::size_t>(target)];
        const std::int64_t used = elements - static_cast<std::int64_t>(shift);
        if (used < 0) continue;
        std::array<const void*, 3> in = {};
        for (std::size_t k = 0; k < operands; ++k) in[k] = buffers[k].data() + kGuard + shift;
        function_of(rule)({in.data(), out.data() + kGuard + shift, used, parameters.data()});

        const std::vector<T>& before = originals[target < 0 ? 3 : static_cast<std::size_t>(target)];
        for (std::size_t i = 0; i < out.size(); ++i) {
          const bool inside = i >= kGuard + shift && i < kGuard + shift + static_cast<std::size_t>(used);
          const T expected = inside ? scalar(originals[0][i], originals[1][i], originals[2][i]) : before[i];
          ASSERT_EQ(out[i], expected) << "element " << i << " of " << used << ", shift " << shift;
        }
      }
    }
  }
};
using Floats = testing::Types<float, double>;
TYPED_TEST_SUITE(PointwiseTest, Floats);

constexpr auto kTanh = [](auto lanes, auto x) { return math::generic::tanh<decltype(lanes)>(x); };
constexpr auto kSubtract = [](auto, auto x, auto y) { return x - y; };
constexpr auto kFma = [](auto lanes, auto x, auto y, auto z) { return decltype(lanes)::fma(x, y, z); };

TYPED_TEST(PointwiseTest, Nullary) {
  const PointwiseRule rule = pointwise_rule<0>([](auto, auto value) { return value; }, nullptr, 0);
  this->check(
      rule, 0, -1, [](auto...) { return TypeParam(2.5); }, 2.5);
}

TYPED_TEST(PointwiseTest, Unary) {
  const PointwiseRule rule = pointwise_rule<1>(kTanh, 1);
  for (const int target : {-1, 0}) this->check(rule, 1, target, [](auto x, auto...) { return math::tanh(x); });
}

TYPED_TEST(PointwiseTest, UnaryWithParameter) {
  const PointwiseRule rule = pointwise_rule<1>([](auto, auto slope, auto x) { return slope * x; }, nullptr, 1);
  for (const int target : {-1, 0}) {
    this->check(
        rule, 1, target, [](auto x, auto...) { return static_cast<TypeParam>(0.3) * x; }, 0.3);
  }
}

TYPED_TEST(PointwiseTest, Binary) {
  const PointwiseRule rule = pointwise_rule<2>(kSubtract, 1);
  for (const int target : {-1, 0, 1}) this->check(rule, 2, target, [](auto x, auto y, auto) { return x - y; });
}

TYPED_TEST(PointwiseTest, Ternary) {
  const PointwiseRule rule = pointwise_rule<3>(kFma, 1);
  for (const int target : {-1, 0, 1, 2}) {
    this->check(rule, 3, target, [](auto x, auto y, auto z) { return std::fma(x, y, z); });
  }
}

// One buffer for both operands and the result.
TYPED_TEST(PointwiseTest, OneBufferForAll) {
  std::vector<TypeParam> values(37, TypeParam(1.5));
  const std::array<const void*, 2> in = {values.data(), values.data()};
  const PointwiseRule rule = pointwise_rule<2>([](auto, auto x, auto y) { return x * y; }, 1);
  this->function_of(rule)({in.data(), values.data(), 37, nullptr});
  for (const TypeParam value : values) EXPECT_EQ(value, TypeParam(2.25));
}

}  // namespace
}  // namespace hillock::cpu

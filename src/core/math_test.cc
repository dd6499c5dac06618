// Measures the errors of the canonical mathematics in units in the last place (ulp) against the C library in a wider
// format, on values from every exponent. Checks each special case, and that flush-to-zero mode changes no bit.
#include "core/math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

#include "core/float_mode.h"

namespace hillock::math {
namespace {

// Wide enough that its own rounding error is less than 0.001 ulp.
template <class T>
using Wider = std::conditional_t<sizeof(T) == 4, double, long double>;

// The distance from `exact` in ulps of `exact`. At the limit of the smallest normal number both 0 and that number are
// right.
template <class T>
double ulps(T computed, Wider<T> exact) {
  constexpr T kSmallest = std::numeric_limits<T>::min();
  if (std::isnan(exact) || std::isnan(computed)) return std::isnan(exact) && std::isnan(computed) ? 0 : HUGE_VAL;
  const T rounded = static_cast<T>(exact);
  if (std::isinf(rounded) || std::isinf(computed)) return computed == rounded ? 0 : HUGE_VAL;
  const Wider<T> magnitude = std::abs(exact);
  if (magnitude < kSmallest && (computed == 0 || std::abs(computed) == kSmallest)) return 0;
  if (magnitude < kSmallest * Wider<T>(1.00001) && computed == 0) return 0;  // the limit itself is rounded
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  exponent = std::max(exponent, std::numeric_limits<T>::min_exponent);
  const Wider<T> ulp = std::ldexp(Wider<T>(1), exponent - std::numeric_limits<T>::digits);
  return static_cast<double>(std::abs(static_cast<Wider<T>>(computed) - exact) / ulp);
}

// For f32 every 4093rd bit pattern, for f64 some of every exponent and sign. Both also sample densely where the
// functions curve, and near 1, where logarithms cancel.
template <class T>
const std::vector<T>& sweep() {
  static const std::vector<T> values = [] {
    using Limits = std::numeric_limits<T>;
    std::vector<T> all = {0,
                          -T{0},
                          1,
                          -1,
                          Limits::infinity(),
                          -Limits::infinity(),
                          Limits::quiet_NaN(),
                          Limits::min(),
                          Limits::max(),
                          Limits::lowest(),
                          Limits::denorm_min()};
    std::mt19937_64 random(7);
    if constexpr (sizeof(T) == 4) {
      for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 4093) {
        all.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
      }
    } else {
      for (std::uint64_t head = 0; head < 4096; ++head) {
        for (int k = 0; k < 64; ++k) all.push_back(std::bit_cast<double>(head << 52 | random() >> 12));
      }
    }
    std::uniform_real_distribution<double> unit(-1, 1);
    for (const double radius : {0.01, 0.5, 2.0, 20.0, 100.0, 750.0}) {
      for (int k = 0; k < 100'000; ++k) all.push_back(static_cast<T>(radius * unit(random)));
    }
    for (int k = 0; k < 50'000; ++k) all.push_back(static_cast<T>(1 + std::ldexp(unit(random), -(k % 50))));
    return all;
  }();
  return values;
}

// Records the largest error and where it occurred.
template <class T>
class Worst {
 public:
  void add(T x, T y, T computed, Wider<T> exact) {
    const double error = ulps<T>(computed, exact);
    if (error <= error_) return;
    error_ = error;
    x_ = x;
    y_ = y;
  }
  void expect_below(double bound, const char* name) const {
    EXPECT_LE(error_, bound) << name << " of " << std::hexfloat << x_ << " and " << y_;
    testing::Test::RecordProperty(std::string(name) + "_ulp_f" + std::to_string(8 * sizeof(T)), std::to_string(error_));
  }

 private:
  double error_ = 0;
  T x_ = 0;
  T y_ = 0;
};

template <class T, class Function, class Exact>
void expect_error_below(double bound, const char* name, Function function, Exact exact) {
  Worst<T> worst;
  for (const T x : sweep<T>()) worst.add(x, 0, function(x), exact(static_cast<Wider<T>>(x)));
  worst.expect_below(bound, name);
}

template <class T>
class MathTest : public testing::Test {
 protected:
  static constexpr T kInfinity = std::numeric_limits<T>::infinity();
  static constexpr T kNaN = std::numeric_limits<T>::quiet_NaN();
  static constexpr T kSmallest = std::numeric_limits<T>::min();
};
using Floats = testing::Types<float, double>;
TYPED_TEST_SUITE(MathTest, Floats);

// math.h states these bounds.
TYPED_TEST(MathTest, ErrorsStayBelowTheirBounds) {
  using T = TypeParam;
  using W = Wider<T>;
  expect_error_below<T>(0.68, "exp", exp<T>, [](W x) { return std::exp(x); });
  expect_error_below<T>(0.85, "log", log<T>, [](W x) { return std::log(x); });
  expect_error_below<T>(0.8, "tanh", tanh<T>, [](W x) { return std::tanh(x); });
  expect_error_below<T>(1.48, "sigmoid", sigmoid<T>,
                        [](W x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); });
  expect_error_below<T>(1.71, "softplus", softplus<T>,
                        [](W x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); });
  expect_error_below<T>(1.0, "erf", erf<T>, [](W x) { return std::erf(x); });
  Worst<T> worst;
  for (const T x : sweep<T>()) {
    if (x <= 0 && -x >= this->kSmallest) worst.add(x, 0, expm1_nonpositive(x), std::expm1(static_cast<W>(x)));
  }
  worst.expect_below(0.85, "expm1_nonpositive");
}

// Up to the 2^47 for which they are defined, and next to multiples of a quarter turn, where what is left of the angle
// is small.
TYPED_TEST(MathTest, ErrorsOfSineAndCosineStayBelowTheirBounds) {
  using T = TypeParam;
  using W = Wider<T>;
  constexpr W kHalfPi = W(1.57079632679489661923132169163975144L);
  std::vector<T> angles;
  for (const T x : sweep<T>()) {
    if (std::abs(x) <= T(0x1p47)) angles.push_back(x);
  }
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> exponent(0, 46);
  for (int k = 0; k < 30'000; ++k) {
    const W turns = std::round(static_cast<W>(k < 1000 ? k : std::exp2(exponent(random))));
    for (const W offset : {W(0), W(0.5)}) {
      const T x = static_cast<T>((turns + offset) * kHalfPi);
      for (const T near : {x, std::nextafter(x, T{0})}) angles.push_back(k % 2 == 0 ? near : -near);
    }
  }
  Worst<T> worst_sin;
  Worst<T> worst_cos;
  for (const T x : angles) {
    worst_sin.add(x, 0, sin(x), std::sin(static_cast<W>(x)));
    worst_cos.add(x, 0, cos(x), std::cos(static_cast<W>(x)));
  }
  worst_sin.expect_below(sizeof(T) == 4 ? 0.501 : 0.72, "sin");
  worst_cos.expect_below(sizeof(T) == 4 ? 0.501 : 0.72, "cos");
}

TYPED_TEST(MathTest, PowerIsAlmostCorrectlyRounded) {
  using T = TypeParam;
  Worst<T> worst;
  const auto measure = [&](T x, T y) {
    if (std::fpclassify(y) == FP_SUBNORMAL) return;  // a denormal exponent counts as 0, see below
    worst.add(x, y, power(x, y), std::pow(static_cast<Wider<T>>(x), static_cast<Wider<T>>(y)));
  };
  const std::vector<T>& values = sweep<T>();
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> unit(-1, 1);
  for (std::size_t k = 0; k < values.size(); k += 5) {
    const T x = std::abs(values[k]);
    // Exponents for which the results reach from underflow to overflow.
    const double log_x = std::max(1e-4, std::abs(static_cast<double>(std::log(x))));
    const T y = static_cast<T>(unit(random) * (sizeof(T) == 4 ? 90 : 715) / log_x);
    measure(x, y);
    measure(-x, std::round(y));
    measure(values[k], values[random() % values.size()]);
    measure(static_cast<T>(std::exp(unit(random))), y);
    for (const T exponent : {T{2}, T{3}, T(0.5), T{-1}, T{1}}) measure(x, exponent);
  }
  worst.expect_below(sizeof(T) == 4 ? 0.501 : 0.66, "power");
}

TYPED_TEST(MathTest, SpecialCases) {
  using T = TypeParam;
  const T infinity = this->kInfinity;
  const T nan = this->kNaN;
  EXPECT_EQ(exp(T{0}), 1);
  EXPECT_EQ(exp(infinity), infinity);
  EXPECT_EQ(exp(-infinity), 0);
  EXPECT_EQ(exp(T{-1000}), 0);
  EXPECT_EQ(exp(T{1000}), infinity);
  EXPECT_EQ(exp(std::numeric_limits<T>::max()), infinity);
  EXPECT_EQ(log(T{1}), 0);
  EXPECT_EQ(log(T{0}), -infinity);
  EXPECT_EQ(log(-T{0}), -infinity);
  EXPECT_EQ(log(infinity), infinity);
  EXPECT_TRUE(std::isnan(log(T{-1})));
  EXPECT_TRUE(std::isnan(log(-infinity)));
  EXPECT_TRUE(std::isnan(log(-std::numeric_limits<T>::denorm_min())));
  EXPECT_EQ(tanh(infinity), 1);
  EXPECT_EQ(tanh(-infinity), -1);
  EXPECT_TRUE(std::signbit(tanh(-T{0})));
  EXPECT_EQ(sigmoid(T{0}), T(0.5));
  EXPECT_EQ(sigmoid(infinity), 1);
  EXPECT_EQ(sigmoid(-infinity), 0);
  EXPECT_EQ(softplus(infinity), infinity);
  EXPECT_EQ(softplus(-infinity), 0);
  EXPECT_EQ(expm1_nonpositive(-infinity), -1);
  EXPECT_TRUE(std::signbit(expm1_nonpositive(-T{0})));
  EXPECT_TRUE(std::signbit(sin(-T{0})));
  EXPECT_EQ(cos(T{0}), 1);
  EXPECT_EQ(cos(-T{0}), 1);
  EXPECT_EQ(sin(std::numeric_limits<T>::denorm_min()), std::numeric_limits<T>::denorm_min());
  EXPECT_FALSE(std::isnan(sin(T(0x1p47))));
  for (const T far : {std::nextafter(T(0x1p47), infinity), infinity, -infinity, std::numeric_limits<T>::max()}) {
    EXPECT_TRUE(std::isnan(sin(far))) << far;
    EXPECT_TRUE(std::isnan(cos(-far))) << far;
  }
  for (const T nothing :
       {exp(nan), log(nan), tanh(nan), sigmoid(nan), softplus(nan), expm1_nonpositive(nan), sin(nan), cos(nan)}) {
    EXPECT_TRUE(std::isnan(nothing));
  }
}

// Every pair of these numbers, compared with pow, whose special cases ISO C specifies.
TYPED_TEST(MathTest, PowerHasTheSpecialCasesOfC) {
  using T = TypeParam;
  const T infinity = this->kInfinity;
  const T huge = std::numeric_limits<T>::max();
  for (const T x : {T{0}, T(0.25), T(0.5), T{1}, T{2}, T{3}, T{4}, infinity, this->kNaN, huge}) {
    for (const T y : {T{0}, T(0.5), T{1}, T(1.5), T{2}, T{3}, infinity, this->kNaN, huge, this->kSmallest}) {
      for (const T a : {x, -x}) {
        for (const T b : {y, -y}) {
          const T expected = std::pow(a, b);
          const T computed = power(a, b);
          EXPECT_EQ(std::isnan(computed), std::isnan(expected)) << a << " ^ " << b;
          if (std::isnan(expected)) continue;
          EXPECT_NEAR(static_cast<double>(ulps<T>(computed, expected)), 0, 1) << a << " ^ " << b;
          EXPECT_EQ(std::signbit(computed), std::signbit(expected)) << a << " ^ " << b;
        }
      }
    }
  }
}

TYPED_TEST(MathTest, ADenormalExponentCountsAsZero) {
  using T = TypeParam;
  for (const T x : {T{0}, T{-2}, this->kInfinity, this->kNaN}) {
    EXPECT_EQ(power(x, std::numeric_limits<T>::denorm_min()), 1);
  }
}

TYPED_TEST(MathTest, ResultsAreZeroOrNormal) {
  using T = TypeParam;
  for (const T x : sweep<T>()) {
    for (const T y : {exp(x), sigmoid(x), softplus(x), power(x, T(2.5)), power(x, T(-7))}) {
      ASSERT_NE(std::fpclassify(y), FP_SUBNORMAL) << x;
    }
  }
}

// The functions by number, so that both passes evaluate the same ones.
template <class T>
T nth_function(int n, T x, T y) {
  switch (n) {
    case 0: return exp(x);
    case 1: return log(x);
    case 2: return tanh(x);
    case 3: return sigmoid(x);
    case 4: return softplus(x);
    case 5: return expm1_nonpositive(-std::abs(x));
    case 6: return sin(x);
    case 7: return cos(x);
    default: return power(x, y);
  }
}

TYPED_TEST(MathTest, FlushToZeroChangesNoBit) {
  using T = TypeParam;
  using Bits = typename Lane<T>::Bits;
  const std::vector<T>& values = sweep<T>();
  for (int n = 0; n < 9; ++n) {
    std::vector<Bits> bits;
    for (std::size_t k = 0; k < values.size(); k += 3) {
      bits.push_back(std::bit_cast<Bits>(nth_function(n, values[k], values[values.size() - 1 - k])));
    }
    std::size_t differences = 0;
    {
      const FlushToZero mode;
      for (std::size_t k = 0; k < values.size(); k += 3) {
        const T y = nth_function(n, values[k], values[values.size() - 1 - k]);
        differences += std::bit_cast<Bits>(y) != bits[k / 3];
      }
    }
    EXPECT_EQ(differences, 0u) << "function " << n;
  }
}

}  // namespace
}  // namespace hillock::math

// Every lane of the vector functions has the bits of the scalar function, for all exponents and special values.
#include "cpu/vector_math.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "core/float_mode.h"
#include "core/math.h"

namespace hillock::cpu {
namespace {

// Special values, bit patterns of every exponent and numbers of ordinary size; a multiple of any vector's lanes.
template <class T>
std::vector<T> operands(std::uint64_t seed) {
  using Limits = std::numeric_limits<T>;
  using Bits = typename math::Lane<T>::Bits;
  constexpr int kFractionBits = Limits::digits - 1;
  std::vector<T> values;
  for (const T x : {T{0}, T{1}, T{2}, T{3}, T(0.5), T(1.5), Limits::min(), Limits::max(), Limits::denorm_min(),
                    Limits::infinity(), Limits::quiet_NaN(), Limits::epsilon()}) {
    values.insert(values.end(), {x, -x});
  }
  std::mt19937_64 random(seed);
  for (Bits head = 0; head < Bits{1} << (sizeof(T) * 8 - kFractionBits); ++head) {
    for (int k = 0; k < 64; ++k) {
      const Bits fraction = static_cast<Bits>(random()) & ((Bits{1} << kFractionBits) - 1);
      values.push_back(std::bit_cast<T>(static_cast<Bits>(head << kFractionBits | fraction)));
    }
  }
  std::uniform_real_distribution<double> unit(-1, 1);
  for (const double radius : {0.1, 1.0, 30.0, 100.0, 720.0}) {
    for (int k = 0; k < 40'000; ++k) values.push_back(static_cast<T>(radius * unit(random)));
  }
  values.resize(values.size() / 64 * 64);
  return values;
}

template <class T>
bool same_bits(T x, T y) {
  using Bits = typename math::Lane<T>::Bits;
  return std::bit_cast<Bits>(x) == std::bit_cast<Bits>(y) || (std::isnan(x) && std::isnan(y));
}

template <class T, class Vector, class Scalar>
void expect_same_bits(const char* name, const std::vector<T>& x, const std::vector<T>& y, Vector vector,
                      Scalar scalar) {
  const hn::ScalableTag<T> d;
  std::vector<T> out(x.size());
  for (std::size_t i = 0; i < x.size(); i += hn::Lanes(d)) {
    hn::StoreU(vector(hn::LoadU(d, &x[i]), hn::LoadU(d, &y[i])), d, &out[i]);
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    const T expected = scalar(x[i], y[i]);
    ASSERT_TRUE(same_bits(out[i], expected))
        << name << " of " << std::hexfloat << x[i] << ", " << y[i] << ": vector " << out[i] << ", scalar " << expected;
  }
}

template <class T>
void expect_all_functions_same() {
  using L = VectorLane<hn::ScalableTag<T>>;
  const std::vector<T> x = operands<T>(1);
  std::vector<T> y = operands<T>(2);
  // Every special value against every other, then random pairs.
  for (std::size_t i = 0; i < 24 * 24; ++i) y[i] = y[i / 24];
  std::vector<T> base = x;
  for (std::size_t i = 24; i < 24 * 24; ++i) base[i] = base[i % 24];
  std::shuffle(y.begin() + 24 * 24, y.end(), std::mt19937_64(3));

  expect_same_bits(
      "exp", x, y, [](auto a, auto) { return math::generic::exp<L>(a); }, [](T a, T) { return math::exp(a); });
  expect_same_bits(
      "log", x, y, [](auto a, auto) { return math::generic::log<L>(a); }, [](T a, T) { return math::log(a); });
  expect_same_bits(
      "tanh", x, y, [](auto a, auto) { return math::generic::tanh<L>(a); }, [](T a, T) { return math::tanh(a); });
  expect_same_bits(
      "sigmoid", x, y, [](auto a, auto) { return math::generic::sigmoid<L>(a); },
      [](T a, T) { return math::sigmoid(a); });
  expect_same_bits(
      "softplus", x, y, [](auto a, auto) { return math::generic::softplus<L>(a); },
      [](T a, T) { return math::softplus(a); });
  expect_same_bits(
      "erf", x, y, [](auto a, auto) { return math::generic::erf<L>(a); }, [](T a, T) { return math::erf(a); });
  expect_same_bits(
      "sin", x, y, [](auto a, auto) { return math::generic::sin<L>(a); }, [](T a, T) { return math::sin(a); });
  expect_same_bits(
      "cos", x, y, [](auto a, auto) { return math::generic::cos<L>(a); }, [](T a, T) { return math::cos(a); });
  expect_same_bits(
      "expm1_nonpositive", x, y, [](auto a, auto) { return math::generic::expm1_nonpositive<L>(a); },
      [](T a, T) { return math::expm1_nonpositive(a); });
  expect_same_bits(
      "power", base, y, [](auto a, auto b) { return math::generic::power<L>(a, b); },
      [](T a, T b) { return math::power(a, b); });
}

TEST(VectorMathTest, SameBitsAsScalarInF32) { expect_all_functions_same<float>(); }
TEST(VectorMathTest, SameBitsAsScalarInF64) { expect_all_functions_same<double>(); }

TEST(VectorMathTest, SameBitsAsScalarWhileFlushingToZero) {
  const FlushToZero mode;
  expect_all_functions_same<float>();
  expect_all_functions_same<double>();
}

}  // namespace
}  // namespace hillock::cpu

// Checks each function for all 2^32 f32 numbers: the error against the C library in f64, and the vector's bits against
// the scalar's. Takes minutes per function, so it runs only if HILLOCK_EXHAUSTIVE is set (scripts/check maths).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include "core/math.h"
#include "cpu/vector_math.h"

namespace hillock::cpu {
namespace {

using Lanes = VectorLane<hn::ScalableTag<float>>;

struct Worst {
  double ulps = 0;
  float at = 0;
  std::uint64_t unequal = 0;  // of the vector and the scalar
  void add(double error, float x) {
    if (error <= ulps) return;
    ulps = error;
    at = x;
  }
  void add(const Worst& other) {
    add(other.ulps, other.at);
    unequal += other.unequal;
  }
};

// The distance in units in the last place of `exact`, a double. At the limit of the smallest normal number both 0 and
// that number are right.
double ulps(float computed, double exact) {
  constexpr double kSmallest = 0x1p-126;
  constexpr double kOverflow = 0x1.ffffffp127;  // from here on, f64 rounds to infinity in f32
  const double magnitude = std::abs(exact);
  if (magnitude >= kSmallest && magnitude < kOverflow) {
    if (computed == 0 && magnitude < kSmallest * 1.00001) return 0;  // the limit itself is rounded
    const std::uint64_t exponent = std::bit_cast<std::uint64_t>(magnitude) & (std::uint64_t{0x7ff} << 52);
    return std::abs(static_cast<double>(computed) - exact) /
           std::bit_cast<double>(exponent - (std::uint64_t{23} << 52));
  }
  if (std::isnan(exact)) return std::isnan(computed) ? 0 : HUGE_VAL;
  if (magnitude >= kOverflow) return computed == static_cast<float>(std::copysign(HUGE_VAL, exact)) ? 0 : HUGE_VAL;
  if (computed == 0 || std::abs(computed) == static_cast<float>(kSmallest)) return 0;
  return std::abs(static_cast<double>(computed) - exact) / 0x1p-149;
}

template <class Vector, class Scalar, class Exact>
Worst measure_block(std::uint64_t begin, std::uint64_t count, Vector vector, Scalar scalar, Exact exact) {
  const hn::ScalableTag<float> d;
  alignas(64) std::array<float, 64> x{}, y{};
  Worst worst;
  for (std::uint64_t first = begin; first < begin + count; first += x.size()) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(first + i));
    for (std::size_t i = 0; i < x.size(); i += hn::Lanes(d)) hn::Store(vector(hn::Load(d, &x[i])), d, &y[i]);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const float alone = scalar(x[i]);
      if (std::bit_cast<std::uint32_t>(alone) != std::bit_cast<std::uint32_t>(y[i]) && !std::isnan(alone))
        ++worst.unequal;
      worst.add(ulps(y[i], exact(static_cast<double>(x[i]))), x[i]);
    }
  }
  return worst;
}

template <class Vector, class Scalar, class Exact>
void expect_error_below(double bound, const char* name, Vector vector, Scalar scalar, Exact exact) {
  if (std::getenv("HILLOCK_EXHAUSTIVE") == nullptr) GTEST_SKIP() << "HILLOCK_EXHAUSTIVE is not set";
  constexpr std::uint64_t kAll = std::uint64_t{1} << 32;
  constexpr std::uint64_t kBlock = std::uint64_t{1} << 22;
  std::atomic<std::uint64_t> next{0};
  std::mutex lock;
  Worst worst;
  const auto work = [&] {
    Worst mine;
    for (std::uint64_t begin = next.fetch_add(kBlock); begin < kAll; begin = next.fetch_add(kBlock))
      mine.add(measure_block(begin, kBlock, vector, scalar, exact));
    const std::lock_guard guard(lock);
    worst.add(mine);
  };
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < std::max(std::thread::hardware_concurrency(), 1u); ++t) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  std::printf("%-9s %.4f ulp at %a (%.9g)\n", name, worst.ulps, static_cast<double>(worst.at),
              static_cast<double>(worst.at));
  EXPECT_LE(worst.ulps, bound) << name << " of " << std::hexfloat << worst.at;
  EXPECT_EQ(worst.unequal, 0u) << name << ": the vector's bits differ from the scalar's";
}

// The bounds are those of core/math_test.cc.
TEST(SlowMathExhaustive, Erf) {
  expect_error_below(
      1.0, "erf", [](auto x) { return math::generic::erf<Lanes>(x); }, math::erf<float>,
      [](double x) { return std::erf(x); });
}
TEST(SlowMathExhaustive, Exp) {
  expect_error_below(
      0.68, "exp", [](auto x) { return math::generic::exp<Lanes>(x); }, math::exp<float>,
      [](double x) { return std::exp(x); });
}
TEST(SlowMathExhaustive, Log) {
  expect_error_below(
      0.85, "log", [](auto x) { return math::generic::log<Lanes>(x); }, math::log<float>,
      [](double x) { return std::log(x); });
}
TEST(SlowMathExhaustive, Tanh) {
  expect_error_below(
      0.8, "tanh", [](auto x) { return math::generic::tanh<Lanes>(x); }, math::tanh<float>,
      [](double x) { return std::tanh(x); });
}
TEST(SlowMathExhaustive, Sigmoid) {
  expect_error_below(
      1.48, "sigmoid", [](auto x) { return math::generic::sigmoid<Lanes>(x); }, math::sigmoid<float>,
      [](double x) { return 1 / (1 + std::exp(-x)); });
}
TEST(SlowMathExhaustive, Softplus) {
  expect_error_below(
      1.71, "softplus", [](auto x) { return math::generic::softplus<Lanes>(x); }, math::softplus<float>,
      [](double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); });
}
// NaN is right beyond 2^47.
TEST(SlowMathExhaustive, Sin) {
  expect_error_below(
      0.501, "sin", [](auto x) { return math::generic::sin<Lanes>(x); }, math::sin<float>,
      [](double x) { return std::abs(x) <= 0x1p47 ? std::sin(x) : std::nan(""); });
}
TEST(SlowMathExhaustive, Cos) {
  expect_error_below(
      0.501, "cos", [](auto x) { return math::generic::cos<Lanes>(x); }, math::cos<float>,
      [](double x) { return std::abs(x) <= 0x1p47 ? std::cos(x) : std::nan(""); });
}

}  // namespace
}  // namespace hillock::cpu

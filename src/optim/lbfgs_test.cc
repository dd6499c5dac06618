// The line search satisfies its conditions. L-BFGS is compared with BFGS on a full matrix, and with SciPy on
// Rosenbrock's function (scripts/make_menu_oracles.py).
#include "optim/lbfgs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "optim/line_search.h"
#include "tests/golden.h"

namespace hillock::optim {
namespace {

using Vector = std::vector<double>;

double rosenbrock(std::span<double> x, std::span<double> gradient) {
  std::ranges::fill(gradient, 0.0);
  double value = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double valley = x[i + 1] - x[i] * x[i], rest = 1 - x[i];
    value += 100 * valley * valley + rest * rest;
    gradient[i] += -400 * valley * x[i] - 2 * rest;
    gradient[i + 1] += 200 * valley;
  }
  return value;
}

// The functions of Moré & Thuente 1994 (their (5.1), and (5.2) starting further away), a wavy one and one with a wall,
// each with its derivative.
struct Curve {
  const char* name;
  LinePoint (*at)(double);
};
const std::vector<Curve> kCurves{
    {"5.1",
     [](double a) {
       return LinePoint{a, -a / (a * a + 2), (a * a - 2) / ((a * a + 2) * (a * a + 2))};
     }},
    {"5.2",
     [](double a) {
       const double b = a + 0.1;
       return LinePoint{a, std::pow(b, 5) - 2 * std::pow(b, 4), 5 * std::pow(b, 4) - 8 * std::pow(b, 3)};
     }},
    {"cosine",
     [](double a) {
       return LinePoint{a, 0.1 * std::cos(8 * a) - a + 0.1 * a * a, -0.8 * std::sin(8 * a) - 1 + 0.2 * a};
     }},
    {"wall", [](double a) {
       return a < 3 ? LinePoint{a, -std::log(3 - a) - 2 * a, 1 / (3 - a) - 2}
                    : LinePoint{a, std::numeric_limits<double>::infinity(), 0};
     }}};

TEST(LineSearch, EndsWhereBothWolfeConditionsHold) {
  for (const Curve& curve : kCurves) {
    for (const double curvature : {0.1, 0.9}) {
      for (const double first : {1e-3, 0.1, 1.0, 10.0, 1e3}) {
        const LinePoint start = curve.at(0);
        const LinePoint end = search_line(start, first, {.curvature = curvature, .most_evaluations = 60}, curve.at);
        EXPECT_GT(end.length, 0) << curve.name << " from " << first;
        EXPECT_LE(end.value, start.value + 1e-4 * end.length * start.slope) << curve.name << " from " << first;
        EXPECT_LE(std::abs(end.slope), -curvature * start.slope) << curve.name << " from " << first;
      }
    }
  }
}

TEST(LineSearch, StaysWhereNothingIsLower) {
  // The slope promises a decrease that the values do not show, as happens by rounding near a minimum.
  const Line flat = [](double a) { return LinePoint{a, 1, -1e-9}; };
  EXPECT_EQ(search_line({0, 1, -1e-9}, 1, {}, flat).length, 0);
}

// -H g with H from updates of the full matrix (Nocedal & Wright 6.17), starting from a scaled identity matrix.
Vector full_bfgs_direction(const std::vector<std::pair<Vector, Vector>>& pairs, const Vector& gradient) {
  const std::size_t n = gradient.size();
  const auto dot = [&](const Vector& a, const Vector& b) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
    return sum;
  };
  const auto& [last_s, last_y] = pairs.back();
  std::vector<Vector> h(n, Vector(n));
  for (std::size_t i = 0; i < n; ++i) h[i][i] = dot(last_s, last_y) / dot(last_y, last_y);
  for (const auto& [s, y] : pairs) {
    const double rho = 1 / dot(s, y);
    Vector hy(n);
    for (std::size_t i = 0; i < n; ++i) hy[i] = dot(h[i], y);
    const double yhy = dot(y, hy);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j)
        h[i][j] += rho * ((1 + rho * yhy) * s[i] * s[j] - hy[i] * s[j] - s[i] * hy[j]);
    }
  }
  Vector d(n);
  for (std::size_t i = 0; i < n; ++i) d[i] = -dot(h[i], gradient);
  return d;
}

TEST(Lbfgs, GoesWhereBfgsWithTheSamePairsGoes) {
  constexpr std::size_t kSize = 6, kHistory = 4;
  Lbfgs minimizer(kSize, {.history = kHistory});
  Vector x(kSize, -0.5);
  std::vector<std::pair<Vector, Vector>> pairs;
  Vector gradient(kSize);
  rosenbrock(x, gradient);
  for (int k = 0; k < 12; ++k) {
    const Vector before = x, old_gradient = gradient;
    ASSERT_EQ(minimizer.step(x, 1, rosenbrock), Lbfgs::End::moved);
    rosenbrock(x, gradient);
    Vector s(kSize), y(kSize);
    for (std::size_t i = 0; i < kSize; ++i) {
      s[i] = x[i] - before[i];
      y[i] = gradient[i] - old_gradient[i];
    }
    pairs.emplace_back(s, y);
    if (pairs.size() > kHistory) pairs.erase(pairs.begin());
    const Vector expected = full_bfgs_direction(pairs, gradient), got = minimizer.direction();
    double size = 0;
    for (const double value : expected) size = std::max(size, std::abs(value));
    // The matrix, with entries of both signs and a condition of up to 1e4, loses digits that the recursion does not
    // lose.
    for (std::size_t i = 0; i < kSize; ++i) EXPECT_NEAR(got[i], expected[i], 1e-10 * size) << k;
  }
}

TEST(Lbfgs, FindsRosenbrocksMinimumInAsManyIterationsAsScipy) {
  const auto menus = read_golden("menus.json");
  for (const auto& [size, golden] : menus["rosenbrock"].items()) {
    Vector x = golden["start"];
    Lbfgs minimizer(x.size(), {});
    int iterations = 0;
    double largest = 1;
    while (largest > 1e-9 && iterations < 1000) {
      ASSERT_EQ(minimizer.step(x, 1, rosenbrock), Lbfgs::End::moved);
      ++iterations;
      largest = 0;
      for (const double g : minimizer.gradient()) largest = std::max(largest, std::abs(g));
    }
    // Another line search takes another path, but a wrong direction would take many times as long.
    EXPECT_LE(iterations, golden["iterations"].get<int>() * 5 / 4) << size;
    EXPECT_LE(minimizer.evaluations(), 2 * iterations + 10) << size;
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(x[i], golden["x"][i].get<double>(), 1e-9) << size;
    EXPECT_LT(minimizer.value(), 1e-18) << size;
  }
}

TEST(Lbfgs, EndsConvergedAtAMinimum) {
  Vector x{3, -4};
  const Lbfgs::Function bowl = [](std::span<double> at, std::span<double> gradient) {
    gradient[0] = 2 * at[0];
    gradient[1] = 20 * at[1];
    return at[0] * at[0] + 10 * at[1] * at[1];
  };
  Lbfgs minimizer(2, {});
  int moved = 0;
  while (minimizer.step(x, 1, bowl) == Lbfgs::End::moved) ASSERT_LT(++moved, 100);
  EXPECT_NEAR(x[0], 0, 1e-8);
  EXPECT_NEAR(x[1], 0, 1e-8);
  const Vector at = x;
  EXPECT_EQ(minimizer.step(x, 1, bowl), Lbfgs::End::converged);
  EXPECT_EQ(x, at);
}

TEST(Lbfgs, SaysWhereTheValueIsNoNumber) {
  Vector x{1};
  Lbfgs minimizer(1, {});
  const Lbfgs::Function nowhere = [](std::span<double>, std::span<double> gradient) {
    gradient[0] = 1;
    return std::nan("");
  };
  EXPECT_EQ(minimizer.step(x, 1, nowhere), Lbfgs::End::not_finite);
  EXPECT_EQ(x[0], 1);
}

// A function without curvature up to a wall: the steps grow, but none goes beyond the wall.
TEST(Lbfgs, StaysBeforeAWall) {
  Vector x{0};
  Lbfgs minimizer(1, {});
  const Lbfgs::Function wall = [](std::span<double> at, std::span<double> gradient) {
    gradient[0] = at[0] < 5 ? -1 + 1 / (5 - at[0]) : std::nan("");
    return at[0] < 5 ? -at[0] - std::log(5 - at[0]) : std::nan("");
  };
  for (int k = 0; k < 50 && minimizer.step(x, 1, wall) == Lbfgs::End::moved; ++k) ASSERT_LT(x[0], 5);
  EXPECT_NEAR(x[0], 4, 1e-6);
}

}  // namespace
}  // namespace hillock::optim

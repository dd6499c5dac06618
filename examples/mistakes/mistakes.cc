// Backpropagation written out in plain loops, as tutorials print it, with five mistakes that are often found in print.
// For each: how far its gradient is from the engine's, and how many of 100 random starts learn exclusive or.
//
// The network has 2 inputs, 4 hidden and 2 output units (one for each class), all sigmoid, and E is the mean over rows
// and outputs of (p - t)². Returns 0 if the loops without a mistake agree with the engine.
#include <hillock/hillock.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <utility>
#include <vector>

namespace {

using namespace hillock;

enum class Mistake : std::uint8_t {
  none,
  no_activation,  // forward: a = Σ x w + b, without σ
  no_sum,         // backward: ∂E/∂a_j = δ_k w_jk for a single k
  slope_of_a,     // backward: σ′(a) instead of σ′(z)
  sign,           // ∂E/∂p = t - p
  sum_not_mean    // the gradient of the sum, while the mean is printed
};

using Index = std::size_t;
constexpr Index kInputs = 2, kHidden = 4, kOutputs = 2;
constexpr Index kParameters = kInputs * kHidden + kHidden + kHidden * kOutputs + kOutputs;
using Numbers = std::array<double, kParameters>;

// The position of each parameter, as in the engine's block of parameters.
constexpr Index w1(Index i, Index j) { return i * kHidden + j; }
constexpr Index b1(Index j) { return kInputs * kHidden + j; }
constexpr Index w2(Index j, Index k) { return b1(kHidden) + j * kOutputs + k; }
constexpr Index b2(Index k) { return w2(kHidden, 0) + k; }

struct Row {
  std::array<double, kInputs> x;
  std::array<double, kOutputs> t;
};

double sigma(double z) { return 1 / (1 + std::exp(-z)); }
double slope(double z) { return sigma(z) * (1 - sigma(z)); }

struct Pass {
  std::array<double, kHidden> z1, a1;
  std::array<double, kOutputs> z2, p;
};

Pass forward(const Numbers& w, const Row& row, Mistake mistake) {
  const auto activate = [&](double z) { return mistake == Mistake::no_activation ? z : sigma(z); };
  Pass pass{};
  for (Index j = 0; j < kHidden; ++j) {
    pass.z1[j] = w[b1(j)];
    for (Index i = 0; i < kInputs; ++i) pass.z1[j] += row.x[i] * w[w1(i, j)];
    pass.a1[j] = activate(pass.z1[j]);
  }
  for (Index k = 0; k < kOutputs; ++k) {
    pass.z2[k] = w[b2(k)];
    for (Index j = 0; j < kHidden; ++j) pass.z2[k] += pass.a1[j] * w[w2(j, k)];
    pass.p[k] = activate(pass.z2[k]);
  }
  return pass;
}

// Adds the gradient of `share` · Σ_k (p_k - t_k)² of one row to `gradient`.
void backward(const Numbers& w, const Row& row, double share, Mistake mistake, Numbers& gradient) {
  const Pass pass = forward(w, row, mistake);
  const auto slope_at = [&](double z, double a) { return slope(mistake == Mistake::slope_of_a ? a : z); };
  std::array<double, kHidden> da1{};  // ∂E/∂a
  for (Index k = 0; k < kOutputs; ++k) {
    const double error = mistake == Mistake::sign ? row.t[k] - pass.p[k] : pass.p[k] - row.t[k];
    const double delta = 2 * share * error * slope_at(pass.z2[k], pass.p[k]);
    for (Index j = 0; j < kHidden; ++j) {
      gradient[w2(j, k)] += pass.a1[j] * delta;
      if (mistake == Mistake::no_sum && k > 0) continue;
      da1[j] += delta * w[w2(j, k)];
    }
    gradient[b2(k)] += delta;
  }
  for (Index j = 0; j < kHidden; ++j) {
    const double delta = da1[j] * slope_at(pass.z1[j], pass.a1[j]);
    for (Index i = 0; i < kInputs; ++i) gradient[w1(i, j)] += row.x[i] * delta;
    gradient[b1(j)] += delta;
  }
}

Numbers gradient_of(const Numbers& w, const std::vector<Row>& rows, Mistake mistake) {
  const double share = mistake == Mistake::sum_not_mean ? 1 : 1 / static_cast<double>(rows.size() * kOutputs);
  Numbers gradient{};
  for (const Row& row : rows) backward(w, row, share, mistake, gradient);
  return gradient;
}

// Exclusive or, each of its four rows `copies` times.
std::vector<Row> make_rows(int copies) {
  const std::array<Row, 4> four{{{{0, 0}, {1, 0}}, {{0, 1}, {0, 1}}, {{1, 0}, {0, 1}}, {{1, 1}, {1, 0}}}};
  std::vector<Row> rows;
  for (int copy = 0; copy < copies; ++copy) rows.insert(rows.end(), four.begin(), four.end());
  return rows;
}

Network make_network() {
  const nn::Activation sigmoid = nn::Activation::sigmoid;
  return Network({.layer = nn::sequential({nn::dense(kHidden, {.activation = sigmoid}), nn::dense(kOutputs)}),
                  .input = {kInputs},
                  .output = sigmoid,
                  .dtype = DType::f64});
}

Numbers first_weights(Network& network, std::uint64_t seed) {
  network.initialize(seed, nn::Initializer{.kind = nn::Initializer::Kind::normal});
  Numbers w{};
  std::ranges::copy(network.parameters().values<double>(), w.begin());
  return w;
}

// The gradient that the engine computes at the network's weights.
Numbers engine_gradient(Network& network, const std::vector<Row>& rows) {
  std::vector<double> x, t;
  for (const Row& row : rows) {
    x.insert(x.end(), row.x.begin(), row.x.end());
    t.insert(t.end(), row.t.begin(), row.t.end());
  }
  const auto batch = static_cast<std::int64_t>(rows.size());
  TrainingStep step(network, batch, {DType::f64, {batch, kOutputs}, {}},
                    {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd()});
  step.run(x, t, /*step=*/1, /*rate=*/0);
  Numbers gradient{};
  std::copy_n(static_cast<const double*>(step.gradient()), kParameters, gradient.begin());
  return gradient;
}

// The largest difference between two gradients, relative to the largest element of the right one.
double apart(const Numbers& gradient, const Numbers& right) {
  double difference = 0, size = 0;
  for (Index i = 0; i < kParameters; ++i) {
    difference = std::max(difference, std::abs(gradient[i] - right[i]));
    size = std::max(size, std::abs(right[i]));
  }
  return difference / size;
}

// Whether after 1500 steps of gradient descent from `w` both outputs of every row are on the right side of one half.
bool learns(Numbers w, const std::vector<Row>& rows, Mistake mistake) {
  constexpr double kRate = 4;
  for (int step = 0; step < 1500; ++step) {
    const Numbers gradient = gradient_of(w, rows, mistake);
    for (Index i = 0; i < kParameters; ++i) w[i] -= kRate * gradient[i];
  }
  return std::ranges::all_of(rows, [&](const Row& row) {
    const Pass pass = forward(w, row, mistake);
    return (pass.p[0] > 0.5) == (row.t[0] > 0.5) && (pass.p[1] > 0.5) == (row.t[1] > 0.5);
  });
}

struct Result {
  double apart = 0;                   // the largest of all starts
  int learnt = 0, learnt_copies = 0;  // learned from the four rows, and from ten copies of them
};

constexpr int kStarts = 100;

Result try_out(Mistake mistake) {
  const std::vector<Row> rows = make_rows(1), copies = make_rows(10);
  Network network = make_network();
  Result result;
  for (std::uint64_t seed = 0; seed < kStarts; ++seed) {
    const Numbers w = first_weights(network, seed);
    result.apart = std::max(result.apart, apart(gradient_of(w, rows, mistake), engine_gradient(network, rows)));
    result.learnt += learns(w, rows, mistake);
    result.learnt_copies += learns(w, copies, mistake);
  }
  return result;
}

}  // namespace

int main() {
  const std::array<std::pair<Mistake, const char*>, 6> mistakes{
      {{Mistake::none, "none"},
       {Mistake::no_activation, "no activation in the forward pass"},
       {Mistake::no_sum, "no sum over the next layer"},
       {Mistake::slope_of_a, "σ′ of a instead of z"},
       {Mistake::sign, "the sign of the error"},
       {Mistake::sum_not_mean, "the gradient of a sum for a mean"}}};
  std::printf("%-34s %14s %14s %14s\n", "mistake", "gradient off", "4 rows", "40 rows");
  bool right = true;
  for (const auto& [mistake, name] : mistakes) {
    const Result result = try_out(mistake);
    // printf counts bytes, and σ′ has five of them.
    const int width = 34 + static_cast<int>(mistake == Mistake::slope_of_a) * 3;
    const bool agrees = result.apart < 1e-12;
    if (agrees)
      std::printf("%-*s %14s", width, name, "by rounding");
    else
      std::printf("%-*s %12.0f %%", width, name, 100 * result.apart);
    std::printf(" %7d of %3d %7d of %3d\n", result.learnt, kStarts, result.learnt_copies, kStarts);
    right = right && agrees == (mistake == Mistake::none);
  }
  return right ? 0 : 1;
}

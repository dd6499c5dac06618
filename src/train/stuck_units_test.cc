// Which units count as stuck. Weights and rows are chosen so that the input of each activation is easy to see.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "hillock/diagnosis.h"
#include "hillock/error.h"
#include "hillock/train.h"

namespace hillock {
namespace {

Network network_of(const std::string& spec, DType dtype = DType::f64) {
  return Network({.layer = build_layers(NetworkSpec::parse(spec), 1), .input = Shape{1}, .dtype = dtype});
}

Tensor column(std::vector<double> values, DType dtype = DType::f64) {
  Tensor tensor(TensorType{dtype, {static_cast<std::int64_t>(values.size()), 1}, {}});
  for (std::size_t i = 0; i < values.size(); ++i) tensor.set(static_cast<std::int64_t>(i), values[i]);
  return tensor;
}

// One input x: unit k gets weight[k] x + bias[k].
void set_units(Network& network, const std::string& layer, std::vector<double> weight, std::vector<double> bias) {
  const auto units = static_cast<std::int64_t>(weight.size());
  network.set_parameter(layer + ".weight", Tensor::from<double>(Shape{1, units}, weight));
  network.set_parameter(layer + ".bias", Tensor::from<double>(Shape{units}, bias));
}

TEST(StuckUnits, AReluThatGivesZeroForEveryRowIsDead) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    Network network = network_of("dense 4 relu", dtype);
    // For x = 1, 2, 3: x; -x; always 0; 1.5, 0.5 and -0.5.
    set_units(network, "dense1", {1, -1, 0, -1}, {0, 0, 0, 2.5});
    const auto found = find_stuck_units(network, column({1, 2, 3}, dtype));
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].layer, "dense1");
    EXPECT_EQ(found[0].activation, nn::Activation::relu);
    EXPECT_EQ(found[0].units, 4);
    EXPECT_EQ(found[0].stuck, 2);
    EXPECT_EQ(found[0].rows, 3);
  }
}

TEST(StuckUnits, ATanhAtEitherEndIsSaturated) {
  Network network = network_of("dropout 0.5, dense 3 identity, tanh, dense 2 leaky-relu");
  // For x = -1, 2: tanh of -5 and 10; of -1 and 2; of -2.6 and 5.2. The value at -2.6 is -0.989.
  set_units(network, "dense1", {5, 1, 2.6}, {0, 0, 0});
  const auto found = find_stuck_units(network, column({-1, 2}));
  ASSERT_EQ(found.size(), 1u) << "identity and leaky-relu are nowhere flat";
  EXPECT_EQ(found[0].layer, "dense1") << "whose units it activates";
  EXPECT_EQ(found[0].activation, nn::Activation::tanh);
  EXPECT_EQ(found[0].units, 3);
  EXPECT_EQ(found[0].stuck, 1);
  EXPECT_TRUE(find_stuck_units(network_of(""), column({1})).empty()) << "no hidden layer";
}

// The input of the second layer is the output of the first. If all of the first is dead, it is constant.
TEST(StuckUnits, EachLayerIsLookedAt) {
  Network network = network_of("dense 1 relu, dense 1 sigmoid, dense 1 relu");
  set_units(network, "dense1", {-1}, {0});
  set_units(network, "dense2", {1}, {0});  // σ(0) = ½
  set_units(network, "dense3", {1}, {-1});
  const auto found = find_stuck_units(network, column({1, 2}));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].stuck, 1);
  EXPECT_EQ(found[1].stuck, 0);
  EXPECT_EQ(found[2].layer, "dense3");
  EXPECT_EQ(found[2].stuck, 1);
}

TEST(StuckUnits, LooksAtTenThousandRowsSpreadOverAll) {
  Network network = network_of("dense 1 relu");
  set_units(network, "dense1", {1}, {0});
  std::vector<double> rows(25'000, -1);
  EXPECT_EQ(find_stuck_units(network, column(rows))[0].stuck, 1);
  EXPECT_EQ(find_stuck_units(network, column(rows))[0].rows, 10'000);
  rows[24'997] = 1;  // the last row that is examined: 9999 · 2.5
  EXPECT_EQ(find_stuck_units(network, column(rows))[0].stuck, 0);
  std::vector<double> few(300, -1);  // more than one batch
  few[299] = 1;
  EXPECT_EQ(find_stuck_units(network, column(few))[0].stuck, 0);
}

TEST(StuckUnits, RefusesRowsThatDoNotFit) {
  try {
    find_stuck_units(network_of("dense 1 relu"), Tensor(TensorType{DType::f64, {2, 3}, {}}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "stuck units: the rows are f64[2, 3]; give at least one row of f64 [1]");
  }
}

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

struct Slope {
  const char* activation;
  std::function<double(double)> slope;
  double largest;  // sup of |slope|
};

// Slopes in closed form. gelu: Φ(x) + x φ(x), largest at √2; silu: σ + x σ (1 − σ), largest at 2.3994; mish: with s =
// tanh(log(1 + eˣ)), s + x (1 − s²) σ, largest at 1.4905.
std::vector<Slope> slopes() {
  const auto gelu = [](double x) {
    return (1 + std::erf(x / std::numbers::sqrt2)) / 2 + x * std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
  };
  const auto silu = [](double x) { return sigmoid(x) * (1 + x * (1 - sigmoid(x))); };
  const auto mish = [](double x) {
    const double s = std::tanh(std::log1p(std::exp(x)));
    return s + x * (1 - s * s) * sigmoid(x);
  };
  return {{"elu", [](double x) { return std::exp(x); }, 1},
          {"selu", [](double x) { return 1.7581 * std::exp(x); }, 1.7581},
          {"softplus", sigmoid, 1},
          {"gelu", gelu, gelu(std::numbers::sqrt2)},
          {"silu", silu, silu(2.3994)},
          {"mish", mish, mish(1.4905)}};
}

TEST(StuckUnits, AUnitIsStuckWhereItsSlopeIsBelowAHundredthOfTheLargest) {
  for (const Slope& item : slopes()) {
    Network network = network_of(std::string("dense 1 ") + item.activation);
    set_units(network, "dense1", {1}, {0});
    double edge = -20;
    while (std::abs(item.slope(edge)) < 0.01 * item.largest) edge += 1e-4;
    EXPECT_EQ(find_stuck_units(network, column({edge - 0.001}))[0].stuck, 1) << item.activation << " " << edge;
    EXPECT_EQ(find_stuck_units(network, column({edge + 0.001}))[0].stuck, 0) << item.activation << " " << edge;
  }
  Network network = network_of("dense 1 sigmoid");
  set_units(network, "dense1", {1}, {0});
  for (const double end : {-std::log(99.0), std::log(99.0)}) {  // σ is 0.01 and 0.99
    EXPECT_EQ(find_stuck_units(network, column({1.001 * end}))[0].stuck, 1);
    EXPECT_EQ(find_stuck_units(network, column({0.999 * end}))[0].stuck, 0);
  }
}

}  // namespace
}  // namespace hillock

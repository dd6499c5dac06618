// Every activation, compared with figures from PyTorch and ONNX (scripts/make_menu_oracles.py) and with finite
// differences.
#include <gtest/gtest.h>

#include <cmath>

#include "hillock/error.h"
#include "hillock/network.h"
#include "hillock/ops.h"
#include "tests/golden.h"
#include "tests/graph_function.h"

namespace hillock {
namespace {

using testing::GraphFunction;
using testing::matrix_of;

class ActivationOf : public ::testing::TestWithParam<std::string> {};

// The errors are a few units in the last place of up to five functions. gelu's 1 + erf cancels down to 1e-9 at -6,
// which leaves an error of 1e-16 for terms of up to 6.
constexpr double kTolerance = 4e-15;

TEST_P(ActivationOf, IsPyTorchs) {
  const nlohmann::json golden = read_golden("menus.json")["activations"];
  const Tensor x = matrix_of(golden["x"]);
  const Tensor expected = matrix_of(golden["functions"][GetParam()]["y"]);
  Graph graph;
  const Value y = nn::activate(graph, graph.input("x", x.type()), nn::activation_from_name(GetParam()));
  const Plan plan(graph, {.outputs = {y}});
  Store nothing;
  Session session(plan, nothing);
  session.bind("x", x);
  session.run();
  for (std::int64_t i = 0; i < x.elements(); ++i) {
    const double wanted = expected.at(i);
    const double got = session.output_values<double>(0)[static_cast<std::size_t>(i)];
    EXPECT_NEAR(got, wanted, kTolerance * std::max(std::abs(wanted), 0.1)) << "at " << x.at(i);
  }
}

TEST_P(ActivationOf, HasPyTorchsSlopeAndThatOfFiniteDifferences) {
  const nlohmann::json golden = read_golden("menus.json")["activations"];
  const Tensor weights = matrix_of(golden["weights"]);
  const Tensor expected = matrix_of(golden["functions"][GetParam()]["slope"]);
  GraphFunction function(matrix_of(golden["x"]), [&](Graph& graph, Value x) {
    Value weighted = nn::activate(graph, x, nn::activation_from_name(GetParam()));
    const std::vector<double> values(weights.values<double>().begin(), weights.values<double>().end());
    std::vector<Value> rows;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto row = static_cast<std::int64_t>(i) / 5, column = static_cast<std::int64_t>(i) % 5;
      rows.push_back(
          ops::multiply(graph, ops::sum(graph, ops::slice(graph, weighted, {row, column}, {1, 1})), values[i]));
    }
    Value sum = rows[0];
    for (std::size_t i = 1; i < rows.size(); ++i) sum = ops::add(graph, sum, rows[i]);
    return sum;
  });
  const std::vector<double> slopes = function.gradient(), differences = function.differences();
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    EXPECT_NEAR(slopes[i], expected.at(static_cast<std::int64_t>(i)), kTolerance);
    EXPECT_NEAR(slopes[i], differences[i], 1e-9);
  }
}

INSTANTIATE_TEST_SUITE_P(All, ActivationOf,
                         ::testing::Values("identity", "sigmoid", "tanh", "relu", "leaky-relu", "elu", "selu", "gelu",
                                           "silu", "mish", "softplus", "softmax"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(Activation, TheMenuHasTheGoldenOnes) {
  const nlohmann::json golden = read_golden("menus.json")["activations"]["functions"];
  EXPECT_EQ(golden.size(), nn::activations().size());
  for (const nn::NameAndSummary& activation : nn::activations()) {
    EXPECT_TRUE(golden.contains(activation.name)) << activation.name;
    EXPECT_EQ(nn::name_of(nn::activation_from_name(activation.name)), activation.name);
    const std::string spec = "dense 3 tanh, output " + activation.name;
    EXPECT_EQ(NetworkSpec::parse(spec).to_string(), spec);
  }
}

// In f32. ONNX's figures were computed in f32 as well, elu's and selu's by e^x - 1, with errors of up to 17 units near
// 0.
TEST(Activation, IsOnnxs) {
  const auto golden = read_golden("menus.json");
  for (const auto& [name, figures] : golden["onnx"].items()) {
    const std::vector<float> in = figures["x"], expected = figures["y"];
    const Tensor x = Tensor::from<float>({static_cast<std::int64_t>(in.size())}, std::span<const float>(in));
    Graph graph;
    const Plan plan(graph,
                    {.outputs = {nn::activate(graph, graph.input("x", x.type()), nn::activation_from_name(name))}});
    Store nothing;
    Session session(plan, nothing);
    session.bind("x", x);
    session.run();
    for (std::size_t i = 0; i < in.size(); ++i) {
      EXPECT_NEAR(session.output_values<float>(0)[i], expected[i], 21 * 0x1p-23 * std::abs(expected[i])) << name;
    }
  }
}

// For large arguments, where a formula might divide infinities or lose its sign.
TEST(Activation, StaysFiniteFarOut) {
  const Tensor x = Tensor::from<float>({1, 4}, {-1e4F, -100.F, 100.F, 1e4F});
  for (const nn::NameAndSummary& activation : nn::activations()) {
    Graph graph;
    const Plan plan(
        graph,
        {.outputs = {nn::activate(graph, graph.input("x", x.type()), nn::activation_from_name(activation.name))}});
    Store nothing;
    Session session(plan, nothing);
    session.bind("x", x);
    session.run();
    for (const float y : session.output_values<float>(0)) EXPECT_TRUE(std::isfinite(y)) << activation.name;
  }
}

TEST(Activation, HasAnInitializerThatSuits) {
  const auto initializer = [](const char* name) {
    return nn::to_string(nn::default_initializer(nn::activation_from_name(name)));
  };
  for (const char* name : {"relu", "leaky-relu", "elu", "gelu", "silu", "mish"})
    EXPECT_EQ(initializer(name), "he-normal");
  for (const char* name : {"identity", "sigmoid", "tanh", "softplus", "softmax"})
    EXPECT_EQ(initializer(name), "glorot-uniform");
  EXPECT_EQ(initializer("selu"), "lecun-normal");
}

// The purpose of selu (Klambauer et al. 2017): with LeCun's normal weights mean 0 and variance 1 are kept through many
// layers.
TEST(Activation, SeluKeepsMeanAndVarianceThroughLayers) {
  std::vector<nn::Layer> layers(20, nn::dense(256, {.activation = nn::Activation::selu}));
  Network network({.layer = nn::sequential(layers), .input = {256}});
  network.initialize(1);
  Tensor rows(TensorType{DType::f32, {64, 256}, {}});
  // Uniform within ±√3, which has mean 0 and variance 1.
  for (std::int64_t i = 0; i < rows.elements(); ++i)
    rows.set(i, std::sqrt(3.0) * (2 * golden_uniform(3, static_cast<std::uint64_t>(i)) - 1));
  const Tensor out = predict(network, rows);
  double sum = 0, squares = 0;
  for (std::int64_t i = 0; i < out.elements(); ++i) {
    sum += out.at(i);
    squares += out.at(i) * out.at(i);
  }
  const double n = static_cast<double>(out.elements());
  EXPECT_NEAR(sum / n, 0, 0.1);
  EXPECT_NEAR(squares / n, 1, 0.3);
}

}  // namespace
}  // namespace hillock

// Layer normalization, compared with figures of 60 decimal digits (scripts/make_layer_oracles.py).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hillock/error.h"
#include "hillock/grad.h"
#include "hillock/layer.h"
#include "hillock/network.h"
#include "hillock/ops.h"
#include "hillock/plan.h"
#include "hillock/session.h"
#include "tests/paths.h"

namespace hillock {
namespace {

using Json = nlohmann::json;

Json oracle() {
  std::ifstream file(source_directory() / "src/nn/layers/layer_norm/oracle.json");
  return Json::parse(file);
}

std::vector<double> flat(const Json& rows) {
  std::vector<double> numbers;
  for (const Json& row : rows) numbers.insert(numbers.end(), row.begin(), row.end());
  return numbers;
}

Tensor tensor_of(const std::vector<double>& numbers, Shape shape, DType dtype) {
  Tensor tensor(TensorType{dtype, shape, {}});
  for (std::size_t i = 0; i < numbers.size(); ++i) tensor.set(static_cast<std::int64_t>(i), numbers[i]);
  return tensor;
}

// The layer's output for a case, and the gradient of Σ factors · output by input, gain and bias.
struct Results {
  std::vector<double> out, in, gain, bias;
};

Results results_of(const Json& one, DType dtype) {
  const auto rows = static_cast<std::int64_t>(one["in"].size()), width = static_cast<std::int64_t>(one["gain"].size());
  Network network({.layer = nn::layer("layer-norm " + one["epsilon"].dump()), .input = {width}, .dtype = dtype});
  network.set_parameter("layer-norm1.gain", tensor_of(one["gain"], {width}, dtype));
  network.set_parameter("layer-norm1.bias", tensor_of(one["bias"], {width}, dtype));
  Graph graph;
  const Value in = graph.input("in", {dtype, {rows, width}, {}}),
              factors = graph.input("f", {dtype, {rows, width}, {}});
  const Value position = graph.input("position", {DType::i64, {3}, {}});
  const DescribedNetwork described = network.describe(graph, in, {.training = true, .position = position});
  const Value out = described.out.logits;
  const Value error = ops::sum(graph, ops::multiply(graph, factors, out));
  std::vector<Value> outputs =
      gradients(graph, error, std::vector<Value>{in, described.parameters[0], described.parameters[1]});
  outputs.insert(outputs.begin(), out);
  const Plan plan(graph, {.outputs = outputs});
  Session session(plan, std::as_const(network).store());
  const Tensor x = tensor_of(flat(one["in"]), {rows, width}, dtype),
               f = tensor_of(flat(one["factors"]), {rows, width}, dtype);
  session.bind("in", x);
  session.bind("f", f);
  session.run();
  const auto numbers = [&](std::size_t k) {
    std::vector<double> result;
    if (dtype == DType::f32) std::ranges::copy(session.output_values<float>(k), std::back_inserter(result));
    if (dtype == DType::f64) std::ranges::copy(session.output_values<double>(k), std::back_inserter(result));
    return result;
  };
  return {numbers(0), numbers(1), numbers(2), numbers(3)};
}

// Within `tolerance` of the largest figure, since gradients by the input are small differences of numbers of that size.
void expect_near(const std::vector<double>& found, const std::vector<double>& expected, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  double largest = 1;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], tolerance * largest) << what << i;
}

// The computation has about ten roundings of half a unit (2⁻⁵³, 2⁻²⁴), of numbers up to four times the result.
TEST(LayerNorm, GivesTheFiguresOfTheDefinition) {
  const Json cases = oracle()["cases"];
  ASSERT_EQ(cases.size(), 4u);
  for (const Json& one : cases) {
    for (const DType dtype : {DType::f32, DType::f64}) {
      const std::string name = one["name"].get<std::string>() + ", " + std::string(name_of(dtype)) + ": ";
      if (dtype == DType::f32 && name.starts_with("far_from_zero")) continue;  // f32 cannot represent its numbers
      const double tolerance = dtype == DType::f32 ? 40 * std::exp2(-24) : 40 * std::exp2(-53);
      const Results found = results_of(one, dtype);
      expect_near(found.out, flat(one["out"]), tolerance, name + "out ");
      expect_near(found.in, one["gradient"]["in"], tolerance, name + "by in ");
      expect_near(found.gain, one["gradient"]["gain"], tolerance, name + "by gain ");
      expect_near(found.bias, one["gradient"]["bias"], tolerance, name + "by bias ");
    }
  }
}

TEST(LayerNorm, TakesAllNumbersOfAnImageForOneSet) {
  const Network image({.layer = nn::layer("layer-norm, dense 1"), .input = {2, 1, 3}, .dtype = DType::f64});
  EXPECT_EQ(image.layout().find("layer-norm1.gain")->shape, Shape{6});
  Network flat({.layer = nn::layer("layer-norm"), .input = {6}, .dtype = DType::f64});
  Network shaped({.layer = nn::sequential({nn::layer("layer-norm"), nn::dense(6, {.use_bias = false})}),
                  .input = {2, 1, 3},
                  .dtype = DType::f64});
  Tensor identity(TensorType{DType::f64, {6, 6}, {}});
  for (std::int64_t i = 0; i < 6; ++i) identity.set(7 * i, 1);
  flat.initialize(1);
  shaped.initialize(1);
  shaped.set_parameter("dense1.weight", identity);
  const Tensor row = Tensor::from<double>({1, 6}, {1, 2, 4, -3, 0.5, 9});
  const Tensor one = predict(flat, row), other = predict(shaped, row);
  for (std::int64_t i = 0; i < 6; ++i) EXPECT_EQ(one.at(i), other.at(i)) << i;
}

// If the user's initializer for biases were used, the gains would be small numbers around 0.
TEST(LayerNorm, GainsBeginAtOneWhateverBiasesBeginAt) {
  Network network({.layer = nn::layer("layer-norm"), .input = {3}});
  network.initialize(1, {}, nn::Initializer{.kind = nn::Initializer::Kind::constant, .scale = 0.25});
  for (std::int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(network.parameter("layer-norm1.gain").at(i), 1);
    EXPECT_EQ(network.parameter("layer-norm1.bias").at(i), 0.25);
  }
}

TEST(LayerNorm, ReadsAndWritesItsText) {
  const auto again = [](const char* text) { return NetworkSpec::parse(text).to_string(); };
  EXPECT_EQ(again("layer-norm"), "layer-norm");
  EXPECT_EQ(again("layer-norm 0.00001"), "layer-norm");
  EXPECT_EQ(again("layer-norm 1e-3, 8"), "layer-norm 0.001, dense 8 relu");
  for (const char* text : {"layer-norm 0", "layer-norm x", "layer-norm nan", "layer-norm 2", "layer-norm 1e-30"}) {
    EXPECT_THROW(NetworkSpec::parse(text), Error) << text;
  }
}

TEST(LayerNorm, RefusesRowsOfOneNumber) {
  try {
    Network({.layer = build_layers(NetworkSpec::parse("dense 1 tanh, layer-norm"), 1), .input = {4}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "network: layer 2, \"layer-norm\": rows of [1] have no variance and would all become the bias; leave "
                 "it out here");
  }
}

}  // namespace
}  // namespace hillock

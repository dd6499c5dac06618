// Norms, compared with values computed by hand.
#include "hillock/layer_norms.h"

#include <gtest/gtest.h>

#include "hillock/model.h"
#include "hillock/ops.h"

namespace hillock {
namespace {

TEST(LayerNorms, AreOfTheParametersOfEachLayer) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    Network network = make_network(NetworkSpec::parse("dense 2 tanh"), 2, 1, dtype);
    network.set_parameter("dense1.weight", Tensor::from<double>({2, 2}, {1, 2, 2, 4}));
    network.set_parameter("output.bias", Tensor::from<double>({1}, {-3}));
    const std::vector<LayerSlice> layers = layer_slices(network.layout());
    ASSERT_EQ(layers.size(), 2u);
    EXPECT_EQ(layers[0].name, "dense1");
    ASSERT_EQ(layers[0].parts.size(), 1u);
    EXPECT_EQ(layers[0].parts[0].begin, 0);
    EXPECT_EQ(layers[0].parts[0].end, 6);
    EXPECT_EQ(layers[0].units, 2);
    EXPECT_EQ(layers[1].name, "output");
    EXPECT_EQ(layers[1].parts[0].end, 9);
    EXPECT_EQ(layer_norms(network), (std::vector<double>{5, 3}));
  }
}

// Parameters are stored group by group, so the parameters of one layer need not be adjacent.
TEST(LayerNorms, CountALayerOnceWhateverItsGroups) {
  const nn::Layer halves = [](nn::Scope& scope, Value in) {
    const std::string name = scope.next_name("halves");
    const Value weight = scope.parameter(name + ".weight", {2, 1}, {}, 2, 1, {.decay = 2});
    const Value bias = scope.parameter(name + ".bias", {1}, {}, 2, 1);
    return ops::add(scope.graph(), ops::matmul(scope.graph(), in, weight), bias);
  };
  Network network({.layer = nn::sequential({halves, nn::dense(1)}), .input = {2}});
  network.set_parameter("halves1.weight", Tensor::from<float>({2, 1}, {2, 3}));
  network.set_parameter("halves1.bias", Tensor::from<float>({1}, {6}));
  network.set_parameter("dense1.weight", Tensor::from<float>({1, 1}, {5}));
  const std::vector<LayerSlice> layers = layer_slices(network.layout());
  ASSERT_EQ(layers.size(), 2u);
  EXPECT_EQ(layers[0].name, "halves1");
  EXPECT_EQ(layers[0].parts.size(), 2u);
  EXPECT_EQ(layers[1].name, "dense1");
  EXPECT_EQ(layer_norms(network), (std::vector<double>{7, 5}));
}

// The squares of these numbers overflow f32.
TEST(LayerNorms, DoNotOverflow) {
  const std::vector<LayerSlice> layers{{.name = "dense1", .parts = {{.begin = 0, .end = 2}}}};
  const float values[]{3e30f, 4e30f};
  EXPECT_NEAR(layer_norms(layers, values, DType::f32)[0], 5e30, 1e24);
}

}  // namespace
}  // namespace hillock

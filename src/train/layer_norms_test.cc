// Norms by hand.
#include "hillock/layer_norms.h"

#include <gtest/gtest.h>

#include "hillock/model.h"

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
    EXPECT_EQ(layers[0].begin, 0);
    EXPECT_EQ(layers[0].end, 6);
    EXPECT_EQ(layers[0].units, 2);
    EXPECT_EQ(layers[1].name, "output");
    EXPECT_EQ(layers[1].end, 9);
    EXPECT_EQ(layer_norms(network), (std::vector<double>{5, 3}));
  }
}

// The squares of these do not fit f32.
TEST(LayerNorms, DoNotOverflow) {
  const std::vector<LayerSlice> layers{{.name = "dense1", .begin = 0, .end = 2}};
  const float values[]{3e30f, 4e30f};
  EXPECT_NEAR(layer_norms(layers, values, DType::f32)[0], 5e30, 1e24);
}

}  // namespace
}  // namespace hillock

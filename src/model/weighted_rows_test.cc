// A model is evaluated on data whose rows have weights.
#include <gtest/gtest.h>

#include <vector>

#include "hillock/model.h"

namespace hillock {
namespace {

TEST(Model, IsJudgedByTheWeightsOfRows) {
  Dataset data = load_builtin("iris");
  NetworkSpec spec = NetworkSpec::parse("dense 5 tanh");
  spec.output = nn::Activation::softmax;
  // the data are f32, so that weights are converted with them
  Model model{.network = make_network(spec, 4, 3, DType::f64),
              .spec = spec,
              .task = data.task,
              .target = data.target,
              .columns = data.columns,
              .classes = data.classes,
              .sample_shape = data.sample_shape,
              .features = Scaler::fit(Scale::standard, data.features),
              .targets = {}};
  model.network.initialize(3);
  std::vector<std::int64_t> repeated;
  data.weights = Tensor(TensorType{DType::f32, {150}, {}});
  for (std::int64_t row = 0; row < 150; ++row) {
    data.weights.set(row, static_cast<double>(row % 4));
    repeated.insert(repeated.end(), static_cast<std::size_t>(row % 4), row);
  }
  const Metrics weighted = evaluate(model, data);
  data.weights = {};
  const Metrics copies = evaluate(model, take_rows(data, repeated));
  EXPECT_NE(weighted.accuracy, evaluate(model, data).accuracy);
  EXPECT_NEAR(weighted.accuracy, copies.accuracy, 1e-12);
  EXPECT_NEAR(weighted.loss, copies.loss, 1e-12);
  EXPECT_NEAR(weighted.log_loss, copies.log_loss, 1e-12);
}

}  // namespace
}  // namespace hillock

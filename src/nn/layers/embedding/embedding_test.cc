// Embeddings replace category numbers by rows of a table; their gradients flow back to the table.
#include <gtest/gtest.h>

#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "core/tensor_testing.h"
#include "hillock/error.h"
#include "hillock/network.h"
#include "hillock/nn.h"
#include "hillock/ops.h"
#include "hillock/replicas.h"
#include "hillock/train.h"
#include "tests/graph_function.h"

namespace hillock {
namespace {

// Rows of two numbers, a category of three and a category of two.
Network embedding_network(DType dtype) {
  return Network({.layer = nn::embed({{.categories = 3, .width = 2}, {.categories = 2, .width = 1}}),
                  .input = Shape{4},
                  .dtype = dtype});
}

TEST(Embed, PutsRowsOfTheTablesBehindThePlainNumbers) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    Network network = embedding_network(dtype);
    network.set_parameter("embedding1.weight", Tensor::from<double>(Shape{3, 2}, {1, 2, 3, 4, 5, 6}));
    network.set_parameter("embedding2.weight", Tensor::from<double>(Shape{2, 1}, {7, 8}));
    Tensor rows(TensorType{dtype, {3, 4}, {}});
    const std::vector<double> in{0.5,  -1, 2, 0,   // the last of three, and the first of two
                                 0.25, 9,  0, 1,   //
                                 0,    0,  3, 2};  // both are unknown
    for (std::size_t i = 0; i < in.size(); ++i) rows.set(static_cast<std::int64_t>(i), in[i]);
    EXPECT_EQ(elements_of(predict(network, rows)), (std::vector<double>{0.5, -1, 5, 6, 7,  //
                                                                        0.25, 9, 1, 2, 8,  //
                                                                        0, 0, 0, 0, 0}))
        << name_of(dtype);
  }
}

// The sum of squares of a dense layer's output for the embedded rows, as a function of the first table.
TEST(Embed, GradientOfTheTableIsThatOfFiniteDifferences) {
  const Tensor table = Tensor::from<double>(Shape{6}, {0.3, -0.7, 0.2, 0.9, -0.4, 0.5});
  testing::GraphFunction function(table, [](Graph& graph, Value block) {
    nn::StateLayout layout;
    layout.parameters.push_back({"embedding1.weight", Shape{3, 2}, {}, 3, 2, 0});
    layout.elements = 6;
    nn::Scope scope(graph, DType::f64, /*training=*/false, layout, block, {});
    const double category[] = {2, 0, 2, 3};
    Value rows;
    for (const double number : category) {
      const Value row = ops::constant(graph, DType::f64, Shape{1, 1}, number);
      rows = rows ? ops::concat(graph, std::vector<Value>{rows, row}) : row;
    }
    const Value out = nn::embed({{.categories = 3, .width = 2}})(scope, rows);
    return ops::sum(graph, ops::multiply(graph, ops::tanh(graph, out), out));
  });
  const std::vector<double> slopes = function.gradient(), differences = function.differences();
  for (std::size_t i = 0; i < slopes.size(); ++i) EXPECT_NEAR(slopes[i], differences[i], 1e-10) << i;
  EXPECT_EQ(slopes[2], 0);  // no row has the second category
  EXPECT_EQ(slopes[3], 0);
  EXPECT_NE(slopes[4], 0);
}

// A network with an input for each category, whose first weights are the table's rows, computes the same function. One
// step of gradient descent changes the table as it changes these weights. Both compute products of the same numbers in
// a different order.
TEST(Embed, IsADenseLayerOverAnInputForEachCategory) {
  Network embedded({.layer = nn::embed({{.categories = 3, .width = 4}}), .input = Shape{1}, .dtype = DType::f64});
  embedded.initialize(3);
  Network dense({.layer = nn::dense(4, {.use_bias = false}), .input = Shape{3}, .dtype = DType::f64});
  dense.set_parameter("dense1.weight", embedded.parameter("embedding1.weight"));
  const Tensor categories = Tensor::from<double>(Shape{5, 1}, {1, 0, 1, 2, 1});
  Tensor one_hot(TensorType{DType::f64, {5, 3}, {}});
  for (std::int64_t row = 0; row < 5; ++row) one_hot.set(3 * row + static_cast<std::int64_t>(categories.at(row)), 1);
  Tensor targets(TensorType{DType::f64, {5, 4}, {}});
  for (std::int64_t i = 0; i < 20; ++i) targets.set(i, 0.1 * static_cast<double>(i % 7) - 0.2);
  const TrainOptions options{
      .step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd()}, .epochs = 3, .batch_size = 0, .rate = 0.3};
  Trainer(embedded, options).fit({&categories, &targets});
  Trainer(dense, options).fit({&one_hot, &targets});
  const std::vector<double> table = elements_of(embedded.parameter("embedding1.weight"));
  const std::vector<double> weight = elements_of(dense.parameter("dense1.weight"));
  for (std::size_t i = 0; i < table.size(); ++i) EXPECT_NEAR(table[i], weight[i], 1e-15) << i;
}

// All weights are 1, so that a row's sum shows whether its category was known: in training for about 3 of 4 rows,
// different ones in each step, and outside training for all of them.
TEST(Embed, TakesCategoriesForUnknownWhileTraining) {
  constexpr std::int64_t kRows = 1000;
  const nn::Layer layer = nn::embed({{.categories = 2, .width = 1, .unknown = 0.25}});
  Graph graph;
  nn::StateLayout layout;
  layout.parameters.push_back({"embedding1.weight", Shape{2, 1}, {}, 2, 1, 0});
  layout.elements = 2;
  const Value block = ops::constant(graph, DType::f64, Shape{2}, 1),
              position = graph.input("position", {DType::i64, Shape{3}, {}});
  const Value rows = ops::constant(graph, DType::f64, Shape{kRows, 1}, 1);
  nn::Scope training(graph, DType::f64, true, layout, block, position),
      using_it(graph, DType::f64, false, layout, block, {});
  const Plan plan(graph, PlanOptions{.outputs = {layer(training, rows), layer(using_it, rows)}});
  Store nothing;
  Session session(plan, nothing);
  const auto known_at = [&](std::int64_t step) {
    const Tensor at = Tensor::from<std::int64_t>(Shape{3}, {7, step, 0});
    session.bind("position", at);
    session.run();
    const auto values = session.output_values<double>(0);
    return std::vector<double>(values.begin(), values.end());
  };
  const std::vector<double> first = known_at(0), second = known_at(1);
  const double count = std::accumulate(first.begin(), first.end(), 0.0);
  EXPECT_NEAR(count, 0.75 * kRows, 55);  // four standard deviations of a binomial count, 13.7 each
  EXPECT_NE(first, second);
  for (const double value : session.output_values<double>(1)) EXPECT_EQ(value, 1);
}

// Rows of a table are gathered for all replicas at once if all starts use the same rows, and otherwise start by start.
TEST(Embed, ReplicasHaveTheBitsOfTrainingsAlone) {
  Network network({.layer = nn::sequential({nn::embed({{.categories = 5, .width = 3, .unknown = 0.2}}), nn::dense(1)}),
                   .input = Shape{2}});
  constexpr std::int64_t kRows = 24;
  Tensor features(TensorType{DType::f32, {kRows, 2}, {}}), targets(TensorType{DType::f32, {kRows, 1}, {}});
  for (std::int64_t row = 0; row < kRows; ++row) {
    features.set(2 * row, 0.1 * static_cast<double>(row % 7));
    features.set(2 * row + 1, static_cast<double>(row % 6));  // 5 is an unknown category
    targets.set(row, static_cast<double>(row % 5));
  }
  for (const std::int64_t batch : {0, 10}) {
    ReplicaSet set{.network = &network,
                   .options = {.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = adam()},
                               .epochs = 5,
                               .batch_size = batch,
                               .rate = 0.05},
                   .starts = {}};
    for (std::uint64_t seed = 0; seed < 11; ++seed) {
      network.initialize(seed);
      set.starts.push_back({.parameters = network.parameters(),
                            .seed = seed,
                            .train = {&features, &targets},
                            .validation = Examples{&features, &targets}});
    }
    const std::vector<ReplicaResult> results = train_replicas(std::vector{set})[0];
    for (std::size_t k = 0; k < results.size(); ++k) {
      Tensor& parameters = network.parameters();
      parameters = set.starts[k].parameters;
      TrainOptions options = set.options;
      options.seed = k;
      const TrainResult alone = Trainer(network, options).fit(set.starts[k].train, set.starts[k].validation);
      EXPECT_EQ(std::memcmp(results[k].parameters.raw(), parameters.raw(), parameters.bytes()), 0)
          << batch << ", " << k;
      EXPECT_EQ(results[k].result.best_validation_loss, alone.best_validation_loss);
      EXPECT_EQ(results[k].side_by_side, batch == 0);
    }
  }
}

TEST(Embed, RefusesTablesAndRowsThatDoNotFit) {
  const auto message = [](auto action) -> std::string {
    try {
      action();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message([] { (void)nn::embed({{.categories = 0, .width = 2}}); }),
            "embed: a table of 0 by 2; it needs at least one category and one number for it");
  EXPECT_EQ(message([] {
              Network({.layer = nn::embed({{.categories = 3, .width = 2}, {.categories = 3, .width = 2}}),
                       .input = Shape{1}});
            }),
            "embed: the input [1, 1] has no categories for 2 tables");
}

}  // namespace
}  // namespace hillock

// Groups of parameters: how they are stored, and that an optimizer applies each group's factors.
#include <gtest/gtest.h>

#include <cmath>

#include "hillock/error.h"
#include "hillock/replicas.h"
#include "hillock/train.h"
#include "tests/own_layers.h"

namespace hillock {
namespace {

using testing::bits;
using testing::options;
using testing::Rows;
using testing::some_rows;

nn::Layer grouped(nn::ParameterGroup first, nn::ParameterGroup second) {
  return [=](nn::Scope& scope, Value in) {
    Graph& graph = scope.graph();
    constexpr nn::Initializer kInitializer{.kind = nn::Initializer::Kind::normal, .scale = 0.5};
    const Value a = scope.parameter("a", {2, 1}, kInitializer, 2, 1, first);
    const Value b = scope.parameter("b", {1}, kInitializer, 2, 1);
    const Value c = scope.parameter("c", {2, 1}, kInitializer, 2, 1, second);
    const Value squares = ops::multiply(graph, in, in);
    return ops::add(graph, ops::add(graph, ops::matmul(graph, in, a), ops::matmul(graph, squares, c)), b);
  };
}

Network grouped_network(nn::ParameterGroup first, nn::ParameterGroup second, DType dtype = DType::f64) {
  Network network({.layer = grouped(first, second), .input = {2}, .dtype = dtype});
  network.initialize(9);
  return network;
}

TEST(ParameterGroups, LieSideBySideThoseWithoutFactorsFirst) {
  const Network network = grouped_network({.rate = 2}, {.rate = 2});
  EXPECT_EQ(network.layout().find("b")->offset, 0);
  EXPECT_EQ(network.layout().find("a")->offset, 1);
  EXPECT_EQ(network.layout().find("c")->offset, 3);
  ASSERT_EQ(network.layout().groups.size(), 2u);
  EXPECT_EQ(network.layout().groups[1].begin, 1);
  EXPECT_EQ(network.layout().groups[1].end, 5);
  EXPECT_THROW(grouped_network({.rate = -1}, {}), Error);
}

// For the group, a step with factors is a step at that rate and decay; for other parameters it is a step without. The
// first step of an optimizer does not depend on its slots.
TEST(ParameterGroups, AreTreatedAsAtTheirOwnRateAndDecay) {
  const Rows rows = some_rows(6, 2, 1, DType::f64);
  const auto step_of = [&](Network network, const Optimizer& optimizer, double rate) {
    TrainingStep step(network, 6, rows.targets.type(), {.loss = nn::loss(nn::LossKind::mse), .optimizer = optimizer});
    step.run(rows.features, rows.targets, 1, rate);
    return network;
  };
  for (const nn::NameAndSummary& named : optimizers()) {
    if (named.name == "lbfgs") continue;
    const Optimizer with = optimizer_from_name(named.name, {.weight_decay = 0.02}),
                    threefold = optimizer_from_name(named.name, {.weight_decay = 0.06});
    const Network got = step_of(grouped_network({.rate = 0.5, .decay = 3}, {.decay = 0}), with, 0.1);
    const Network plain = step_of(grouped_network({}, {}), with, 0.1);
    const Network half = step_of(grouped_network({}, {}), threefold, 0.05);
    const Network none = step_of(grouped_network({}, {}), optimizer_from_name(named.name), 0.1);
    for (std::int64_t i = 0; i < 2; ++i) {
      EXPECT_NEAR(got.parameter("a").at(i), half.parameter("a").at(i), 1e-15) << named.name;
      EXPECT_NEAR(got.parameter("c").at(i), none.parameter("c").at(i), 1e-15) << named.name;
    }
    EXPECT_EQ(got.parameter("b").at(0), plain.parameter("b").at(0)) << named.name;
  }
}

// 1 - 1e-8 is 1 in f32, but with a thousand times that decay it is not.
TEST(ParameterGroups, MultiplyADecayThatIsNothingBeside1) {
  const Rows rows = some_rows(6, 2, 1);
  const auto weight_after_step = [&](nn::ParameterGroup group, double decay) {
    Network network = grouped_network(group, {}, DType::f32);
    TrainingStep step(
        network, 6, rows.targets.type(),
        {.loss = nn::loss(nn::LossKind::mse), .optimizer = adam({.weight_decay = decay, .decoupled = true})});
    step.run(rows.features, rows.targets, 1, 1e-3);
    return network.parameter("a").at(0);
  };
  const double expected = weight_after_step({}, 1e-2), without = weight_after_step({}, 0);
  ASSERT_GT(std::abs(without - expected), 5e-6 * std::abs(expected));
  // The shares that are kept may differ by one unit in the last place, and so may the products.
  EXPECT_NEAR(weight_after_step({.decay = 1000}, 1e-5), expected, 2.4e-7 * std::abs(expected));
}

TEST(ParameterGroups, OfRateZeroStay) {
  const Rows rows = some_rows(12, 2, 1, DType::f64);
  Network network = grouped_network({.rate = 0}, {});
  const std::string before = bits(network.parameter("a")), others = bits(network.parameter("c"));
  Trainer(network, options(adam({.weight_decay = 0.1, .decoupled = true}))).fit(rows.examples());
  EXPECT_EQ(bits(network.parameter("a")), before);
  EXPECT_NE(bits(network.parameter("c")), others);
}

TEST(ParameterGroups, OfReplicasAreThoseOfTrainingsAlone) {
  const Rows rows = some_rows(11, 2, 1, DType::f64);
  Network network = grouped_network({.rate = 0.5, .decay = 3}, {.decay = 0});
  ReplicaSet set{.network = &network, .options = options(nadam({.weight_decay = 0.02})), .starts = {}};
  for (std::uint64_t seed = 1; seed <= 9; ++seed) {
    network.initialize(seed);
    set.starts.push_back({.parameters = network.parameters(), .seed = seed, .train = rows.examples()});
  }
  const auto alone = train_replicas(std::span(&set, 1), {.lanes = 1});
  const auto lanes = train_replicas(std::span(&set, 1), {.lanes = 8});
  for (std::size_t k = 0; k < set.starts.size(); ++k) {
    EXPECT_TRUE(lanes[0][k].side_by_side);
    EXPECT_EQ(bits(lanes[0][k].parameters), bits(alone[0][k].parameters)) << k;
  }
}

TEST(ParameterGroups, NeedAnOptimizerThatKnowsThem) {
  const Rows rows = some_rows(12, 2, 1, DType::f64);
  Network network = grouped_network({.rate = 0.5}, {});
  Optimizer own = sgd();
  own.number_kinds.clear();
  EXPECT_THROW(Trainer(network, options(own)).fit(rows.examples()), Error);
  TrainOptions full = options(lbfgs());
  full.batch_size = 0;
  EXPECT_THROW(Trainer(network, full).fit(rows.examples()), Error);
  Network decays = grouped_network({.decay = 0}, {});
  EXPECT_NO_THROW(Trainer(decays, full).fit(rows.examples()));
}

}  // namespace
}  // namespace hillock

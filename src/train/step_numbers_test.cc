// Numbers that layers ask for and the host feeds in each step.
#include <gtest/gtest.h>

#include <vector>

#include "hillock/replicas.h"
#include "hillock/train.h"
#include "tests/own_layers.h"

namespace hillock {
namespace {

using testing::bits;
using testing::options;
using testing::Rows;
using testing::some_rows;

// Multiplies its input by a number that the host feeds in each step; outside training by 1.
nn::Layer scheduled(const nn::StepNumber& value) {
  return [value](nn::Scope& scope, Value in) {
    if (!scope.training()) return in;
    return ops::multiply(scope.graph(), in, scope.number(scope.next_name("scheduled") + ".factor", value));
  };
}

TEST(StepNumbers, AreFedToLayersAtEachStep) {
  std::vector<std::int64_t> steps;
  const nn::Layer layer = scheduled([&](const nn::Progress& progress) {
    steps.push_back(progress.step);
    EXPECT_EQ(progress.steps, 6);
    EXPECT_EQ(progress.rate, 0.01);
    return 1 + progress.share();
  });
  Network network({.layer = nn::sequential({layer, nn::dense(1)}), .input = {2}, .dtype = DType::f64});
  network.initialize(3);
  const Rows rows = some_rows(7, 2, 1, DType::f64);
  std::vector<double> losses;
  TrainOptions watched = options(sgd());
  watched.shuffle = false;
  watched.rate = 0.01;
  watched.on_step = [&](const StepReport& report) { losses.push_back(report.loss); };
  Network copy = network.copy();
  Trainer(network, watched).fit(rows.examples());
  EXPECT_EQ(steps, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
  // The loss of the first step by hand, with rows 7/6 as large.
  double loss = 0;
  for (std::int64_t row = 0; row < 4; ++row) {
    double out = 0;
    for (std::int64_t c = 0; c < 2; ++c)
      out += rows.features.at(row * 2 + c) * (1 + 1.0 / 6) * copy.parameter("dense1.weight").at(c);
    loss += (out - rows.targets.at(row)) * (out - rows.targets.at(row)) / 4;
  }
  EXPECT_NEAR(losses[0], loss, 1e-14);
}

TEST(StepNumbers, OfReplicasAreThoseOfTrainingsAlone) {
  const nn::Layer layer = scheduled([](const nn::Progress& progress) { return 0.5 + progress.share(); });
  Network network({.layer = nn::sequential({layer, nn::dense(1)}), .input = {2}});
  const Rows rows = some_rows(7, 2, 1);
  ReplicaSet set{.network = &network, .options = options(adam()), .starts = {}};
  for (std::uint64_t seed = 1; seed <= 9; ++seed) {
    network.initialize(seed);
    set.starts.push_back({.parameters = network.parameters(), .seed = seed, .train = rows.examples()});
  }
  const auto alone = train_replicas(std::span(&set, 1), {.lanes = 1});
  const auto lanes = train_replicas(std::span(&set, 1), {.lanes = 8});
  for (std::size_t k = 0; k < set.starts.size(); ++k)
    EXPECT_EQ(bits(lanes[0][k].parameters), bits(alone[0][k].parameters)) << k;
}

// Networks with the same graph, of which the second is fed a number that overflows late in the run.
TEST(StepNumbers, ThatOverflowAreExplainedByTheirOwnSet) {
  const Rows rows = some_rows(7, 2, 1);
  const auto factor = [](double last) {
    return scheduled([last](const nn::Progress& progress) { return progress.share() > 0.9 ? last : 1; });
  };
  Network calm({.layer = nn::sequential({factor(1), nn::dense(1)}), .input = {2}});
  Network wild({.layer = nn::sequential({factor(3e38), nn::dense(1)}), .input = {2}});
  calm.initialize(1);
  std::vector<ReplicaSet> sets;
  for (const Network* network : {&calm, &wild}) {
    sets.push_back({.network = network, .options = options(sgd()), .starts = {}});
    for (std::uint64_t seed = 1; seed <= 4; ++seed)
      sets.back().starts.push_back({.parameters = calm.parameters(), .seed = seed, .train = rows.examples()});
  }
  const auto alone = train_replicas(sets, {.lanes = 1}), lanes = train_replicas(sets, {.lanes = 8});
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_EQ(lanes[0][k].result.stopped, StopReason::epochs);
    EXPECT_TRUE(lanes[1][k].side_by_side);
    EXPECT_NE(alone[1][k].result.explanation.find("multiply became inf first"), std::string::npos)
        << alone[1][k].result.explanation;
    EXPECT_EQ(lanes[1][k].result.explanation, alone[1][k].result.explanation);
  }
}

}  // namespace
}  // namespace hillock

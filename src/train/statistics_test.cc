// Statistics are updated once per step, with the parameters, and are kept and restored together with them.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "hillock/error.h"
#include "hillock/model.h"
#include "hillock/replicas.h"
#include "hillock/trace.h"
#include "hillock/train.h"
#include "tests/own_layers.h"
#include "train/finite_difference.h"

namespace hillock {
namespace {

using testing::bits;
using testing::centre;
using testing::options;
using testing::Rows;
using testing::some_rows;

Network centred_network(DType dtype = DType::f32) {
  Network network({.layer = nn::sequential({centre(), nn::dense(4, {.activation = nn::Activation::tanh}),
                                            nn::dense(1, {.name = "output"})}),
                   .input = {2},
                   .dtype = dtype});
  network.initialize(3);
  return network;
}

TEST(Statistics, BeginAtTheirFirstValueAndLieInBlocksOfTheirOwn) {
  const Network network = centred_network();
  EXPECT_EQ(network.statistic("centre1.mean").type(), (TensorType{DType::f32, {2}, {}}));
  EXPECT_EQ(network.statistic("centre1.steps").at(0), 3);
  EXPECT_EQ(network.parameter_count(), 2 * 4 + 4 + 4 + 1);
  EXPECT_EQ(network.parameters().elements(), network.parameter_count());
  EXPECT_EQ(network.store().names({StateRole::statistic}),
            (std::vector<std::string>{"statistics.f32", "statistics.f64"}));
  EXPECT_EQ(network.schema().back().name, "centre1.steps");
  EXPECT_THROW(network.statistic("dense1.weight"), Error);
}

TEST(Statistics, MoveOnceAStepWithTheUpdate) {
  Network network = centred_network(DType::f64);
  const TensorType targets{DType::f64, {2, 1}, {}};
  TrainingStep step(network, 2, targets, options().step);
  const double rows[] = {1, 10, 3, 30}, labels[] = {0, 1};
  step.evaluate(rows, labels, 1, 0.01);
  step.evaluate(rows, labels, 1, 0.01);
  EXPECT_EQ(network.statistic("centre1.mean").at(0), 0);
  step.apply();
  EXPECT_EQ(network.statistic("centre1.mean").at(0), 0.5);  // a quarter of 2
  EXPECT_EQ(network.statistic("centre1.mean").at(1), 5);    // a quarter of 20
  EXPECT_EQ(network.statistic("centre1.steps").at(0), 4);
  step.run(rows, labels, 2, 0.01);
  EXPECT_EQ(network.statistic("centre1.mean").at(0), 0.875);
  const double beyond[] = {1, 10, std::numeric_limits<double>::infinity(), 30};
  step.run(beyond, labels, 3, 0.01);
  EXPECT_FALSE(step.updated());
  EXPECT_EQ(network.statistic("centre1.mean").at(0), 0.875);
  EXPECT_EQ(network.statistic("centre1.steps").at(0), 5);
}

TEST(Statistics, PredictionReadsThemAndLeavesThem) {
  Network network({.layer = centre(), .input = {2}, .dtype = DType::f64});
  network.set_statistic("centre1.mean", Tensor::from<double>({2}, {1, 2}));
  const Tensor out = predict(network, Tensor::from<double>({1, 2}, {5, 5}));
  EXPECT_EQ(out.at(0), 4);
  EXPECT_EQ(out.at(1), 3);
  EXPECT_EQ(network.statistic("centre1.steps").at(0), 3);
}

TEST(Statistics, AreCopiedAndConverted) {
  Network network = centred_network();
  network.set_statistic("centre1.mean", Tensor::from<double>({2}, {0.1, 2}));
  network.set_statistic("centre1.steps", Tensor::from<double>({1}, {0.1}));
  EXPECT_EQ(bits(network.copy()), bits(network));
  const Network wide = network.copy(DType::f64);
  EXPECT_EQ(wide.statistic("centre1.mean").dtype(), DType::f64);
  EXPECT_EQ(wide.statistic("centre1.mean").at(0), static_cast<double>(0.1f));
  EXPECT_EQ(wide.statistic("centre1.steps").at(0), 0.1);
}

// The statistics of the best epoch are restored with its weights; an epoch later they would be different.
TEST(Statistics, BelongToTheBestWeights) {
  const Rows train = some_rows(12, 2, 1), judged = some_rows(8, 2, 2);
  TrainOptions diverging = options(sgd(), 12);
  diverging.rate = 0.2;
  diverging.schedule.kind = Schedule::Kind::constant;
  std::vector<std::string> after;
  Network network = centred_network();
  diverging.on_epoch = [&](const EpochReport&) {
    after.push_back(bits(network));
    return true;
  };
  const TrainResult result = Trainer(network, diverging).fit(train.examples(), judged.examples());
  ASSERT_TRUE(result.best_weights);
  ASSERT_LT(result.best_epoch, result.epochs);
  EXPECT_EQ(bits(network), after[static_cast<std::size_t>(result.best_epoch - 1)]);
  EXPECT_NE(bits(network), after.back());
}

// A line search evaluates the plan many times, but statistics are updated once per iteration.
TEST(Statistics, MoveOnceAnIterationOfLbfgs) {
  const Rows train = some_rows(20, 2, 1, DType::f64);
  Network network = centred_network(DType::f64);
  TrainOptions full = options(lbfgs(), 5);
  full.batch_size = 0;
  full.rate = 1;
  const TrainResult result = Trainer(network, full).fit(train.examples());
  EXPECT_EQ(network.statistic("centre1.steps").at(0), 3 + static_cast<double>(result.steps));
}

TEST(Statistics, OfReplicasAreThoseOfTrainingsAlone) {
  const Rows train = some_rows(11, 2, 1), judged = some_rows(5, 2, 2);
  Network network = centred_network();
  for (const bool validates : {false, true}) {
    for (const std::int64_t batch : {0, 4}) {
      ReplicaSet set{.network = &network, .options = options(adam(), 6), .starts = {}};
      set.options.batch_size = batch;
      set.options.rate = 0.1;
      for (std::uint64_t seed = 1; seed <= 11; ++seed) {
        network.initialize(seed);
        network.set_statistic("centre1.mean", Tensor::from<double>({2}, {0.1 * static_cast<double>(seed), 1}));
        set.starts.push_back({.parameters = network.parameters(),
                              .seed = seed,
                              .train = train.examples(),
                              .statistics = network.statistics()});
        if (validates) set.starts.back().validation = judged.examples();
      }
      const auto alone = train_replicas(std::span(&set, 1), {.lanes = 1});
      const auto lanes = train_replicas(std::span(&set, 1), {.lanes = 8});
      for (std::size_t k = 0; k < set.starts.size(); ++k) {
        EXPECT_FALSE(alone[0][k].side_by_side);
        EXPECT_TRUE(lanes[0][k].side_by_side);
        EXPECT_EQ(bits(lanes[0][k].parameters), bits(alone[0][k].parameters)) << k;
        for (const char* name : {"statistics.f32", "statistics.f64"})
          EXPECT_EQ(bits(lanes[0][k].statistics.get(name)), bits(alone[0][k].statistics.get(name))) << k << name;
      }
      EXPECT_NE(bits(alone[0][0].statistics.get("statistics.f32")), bits(alone[0][1].statistics.get("statistics.f32")));
    }
  }
}

TEST(Statistics, OfAFiniteDifferenceAreThoseOfTheNetwork) {
  Network network = centred_network();
  network.set_statistic("centre1.mean", Tensor::from<double>({2}, {1, 2}));
  const Rows rows = some_rows(3, 2, 1);
  LossProbe probe(network, 3, rows.targets.type(), nn::loss(nn::LossKind::mse), false);
  probe.set_batch(rows.features, rows.targets, nullptr, {3, 1, 0});
  const double before = probe.loss();
  network.set_statistic("centre1.mean", Tensor::from<double>({2}, {2, 2}));
  EXPECT_EQ(probe.loss(), before);
  probe.set_parameters(network);
  EXPECT_NE(probe.loss(), before);
}

TEST(Statistics, AreTakenFromAFileByTheirNames) {
  Network network = centred_network(), other = centred_network();
  network.set_statistic("centre1.mean", Tensor::from<double>({2}, {0.1, 2}));
  network.set_statistic("centre1.steps", Tensor::from<double>({1}, {0.1}));
  SafetensorsFile file;
  for (const StateEntry& entry : network.schema())
    file.tensors.push_back({entry.name, read_entry(network.store(), entry)});
  load_parameters(other, file, "memory");
  EXPECT_EQ(bits(other), bits(network));
  file.tensors.pop_back();
  EXPECT_THROW(load_parameters(other, file, "memory"), Error);
}

TEST(Statistics, MakeAModelFileOneOfFormat4) {
  Model model{.network = centred_network(),
              .spec = NetworkSpec::parse("dense 4 tanh, output identity"),
              .task = Task::regression,
              .target = "y",
              .columns = {"a", "b"},
              .classes = {},
              .sample_shape = Shape{2},
              .features = {},
              .targets = {},
              .loss = nn::LossKind::mse};
  const auto metadata = nlohmann::json::parse(model_metadata(model));
  EXPECT_EQ(metadata["format"], 4);
  EXPECT_EQ(metadata["statistics"], (std::vector<std::string>{"centre1.mean", "centre1.steps"}));
  model.network = make_network(model.spec, 2, 1, DType::f32);
  EXPECT_EQ(nlohmann::json::parse(model_metadata(model))["format"], 1);
}

TEST(Statistics, AreShownByATraceBeforeAndAfter) {
  Network network = centred_network(DType::f64);
  const Rows rows = some_rows(3, 2, 1, DType::f64);
  Tracer tracer(network, 3, rows.targets.type(), {.step = options().step});
  const StepTrace trace = tracer.run(rows.features, rows.targets, 1, 0.01);
  ASSERT_EQ(trace.statistics.size(), 2u);
  EXPECT_EQ(trace.statistics[0].name, "centre1.mean");
  EXPECT_EQ(trace.statistics[0].before.at(0), 0);
  EXPECT_EQ(bits(trace.statistics[0].after), bits(network.statistic("centre1.mean")));
  EXPECT_EQ(trace.statistics[1].after.at(0), 4);
  EXPECT_LT(trace.audit.largest, 1e-7);
}

TEST(Statistics, OfShardsAreCombinedByTheirRules) {
  using enum nn::Combine;
  const std::vector<std::pair<nn::Combine, double>> rules{
      {mean, 2}, {weighted_mean, 2.5}, {sum, 6}, {min, 0}, {max, 4}};
  const nn::Layer layer = [&](nn::Scope& scope, Value in) {
    for (const auto& [rule, value] : rules) scope.statistic(scope.next_name("s"), {1}, {.combine = rule});
    return in;
  };
  Network network({.layer = layer, .input = {2}});
  std::vector<Store> shards;
  for (const double value : {0, 2, 4}) {
    for (const nn::StatisticSpec& spec : network.layout().statistics)
      network.set_statistic(spec.name, Tensor::from<double>({1}, {value}));
    shards.push_back(network.statistics());
  }
  network.combine_statistics(shards, std::vector<double>{1, 1, 2});
  for (std::size_t k = 0; k < rules.size(); ++k)
    EXPECT_EQ(network.statistic("s" + std::to_string(k + 1)).at(0), rules[k].second) << k;
  EXPECT_THROW(network.combine_statistics(shards, std::vector<double>{1, 1}), Error);
  EXPECT_THROW(network.combine_statistics({}, {}), Error);
}

TEST(Statistics, AskedForWronglyAreRefused) {
  const auto network_of = [](nn::Layer layer) {
    return Network({.layer = nn::sequential({std::move(layer), nn::dense(1)}), .input = {2}});
  };
  const auto twice = [](nn::Scope& scope, Value in) {
    scope.statistic("a", {1});
    scope.statistic("a", {1});
    return in;
  };
  EXPECT_THROW(network_of(twice), Error);
  const auto unknown = [](nn::Scope& scope, Value in) {
    scope.update_statistic("a", in);
    return in;
  };
  EXPECT_THROW(network_of(unknown), Error);
  const auto other_type = [](nn::Scope& scope, Value in) {
    scope.statistic("a", {7});
    scope.update_statistic("a", in);
    return in;
  };
  EXPECT_THROW(network_of(other_type), Error);
  const auto infinite = [](nn::Scope& scope, Value in) {
    scope.statistic("a", {7}, {.first = std::numeric_limits<double>::infinity()});
    return in;
  };
  EXPECT_THROW(network_of(infinite), Error);
}

TEST(Statistics, MoveOnlyAfterAnEvaluationOfTheirOwn) {
  Network network = centred_network(DType::f64);
  TrainingStep step(network, 2, TensorType{DType::f64, {2, 1}, {}}, options().step);
  const double rows[] = {1, 10, 3, 30}, labels[] = {0, 1};
  step.run(rows, labels, 1, 0.01);
  step.apply();
  EXPECT_EQ(network.statistic("centre1.steps").at(0), 4);
  step.evaluate(rows, labels, 2, 0.01);
  step.apply();
  step.apply();
  EXPECT_EQ(network.statistic("centre1.steps").at(0), 5);
  step.evaluate(rows, labels, 3, 0.01);
  EXPECT_THROW(step.evaluate({}, labels, 3, 0.01), Error);
  step.apply();
  EXPECT_EQ(network.statistic("centre1.steps").at(0), 5);
}

TEST(Statistics, OfShardsAreOfTheNetworksSize) {
  Network network = centred_network();
  const Network wider({.layer = nn::sequential({centre(), nn::dense(1)}), .input = {1}});
  const std::vector<Store> shards{wider.statistics()};
  EXPECT_THROW(network.combine_statistics(shards, std::vector<double>{1}), Error);
}

TEST(Statistics, OfDifferentFirstValuesShareNoLanes) {
  const auto shifted = [](double first) {
    const nn::Layer shift = [first](nn::Scope& scope, Value in) {
      return ops::subtract(scope.graph(), in, scope.statistic("shift", {2}, {.first = first}));
    };
    return Network({.layer = nn::sequential({shift, nn::dense(1)}), .input = {2}});
  };
  const Rows rows = some_rows(8, 2, 1);
  std::vector<Network> networks;
  for (const double first : {0.0, 5.0}) networks.push_back(shifted(first));
  std::vector<ReplicaSet> sets;
  for (Network& network : networks) {
    network.initialize(1);
    ReplicaSet& set = sets.emplace_back(ReplicaSet{.network = &network, .options = options(), .starts = {}});
    for (std::uint64_t seed = 0; seed < 20; ++seed)
      set.starts.push_back({.parameters = network.parameters(), .seed = seed, .train = rows.examples()});
  }
  const auto results = train_replicas(sets);
  for (std::size_t k = 0; k < sets.size(); ++k) {
    TrainOptions alone = sets[k].options;
    alone.seed = 0;
    Trainer(networks[k], alone).fit(rows.examples());
    EXPECT_EQ(bits(results[k][0].parameters), bits(networks[k].parameters())) << k;
  }
}

}  // namespace
}  // namespace hillock

// The fit phase: what it computes, in which order, and that its bits depend on the rows alone.
#include "train/fit_layers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "hillock/diagnosis.h"
#include "hillock/error.h"
#include "hillock/replicas.h"
#include "hillock/row_weights.h"
#include "hillock/run.h"
#include "tests/own_layers.h"

namespace hillock {
namespace {

using testing::bits;
using testing::Rows;
using testing::some_rows;
using testing::standardize;

void fit(Network& network, const Examples& examples, const SessionOptions& session) {
  const std::optional<Tensor> weights = normalized_weights(examples);
  fit_layers(network, MemoryRows(examples), weights ? &*weights : nullptr, session);
}

Network standardized(DType dtype = DType::f64) {
  Network network({.layer = nn::sequential({standardize(), nn::dense(1)}), .input = {2}, .dtype = dtype});
  network.initialize(3);
  return network;
}

// The weighted mean and the variance around it, in long double.
struct Moments {
  long double mean = 0, variance = 0;
};
Moments moments(const Rows& rows, std::int64_t column) {
  const auto weight = [&](std::int64_t row) {
    return rows.weighted ? static_cast<long double>(rows.weights.at(row)) : 1;
  };
  Moments result;
  long double sum = 0;
  for (std::int64_t row = 0; row < rows.features.shape()[0]; ++row) {
    sum += weight(row);
    result.mean += weight(row) * static_cast<long double>(rows.features.at(2 * row + column));
  }
  result.mean /= sum;
  for (std::int64_t row = 0; row < rows.features.shape()[0]; ++row) {
    const long double far = static_cast<long double>(rows.features.at(2 * row + column)) - result.mean;
    result.variance += weight(row) * far * far / sum;
  }
  return result;
}

TEST(FitLayers, LearnsMeanAndDeviationOfAllRowsByTheirWeights) {
  for (const bool weighted : {false, true}) {
    for (const std::int64_t count : {1000, 256, 255, 3}) {
      Rows rows = some_rows(count, 2, 1, DType::f64);
      rows.weighted = weighted;
      if (weighted) rows.weights.set(1, 0);
      Network network = standardized();
      fit(network, rows.examples(), {});
      for (std::int64_t c = 0; c < 2; ++c) {
        const Moments expected = moments(rows, c);
        // The errors of sums of up to 1000 numbers around 2 are a few units in the last place.
        EXPECT_NEAR(network.statistic("standardize1.mean").at(c), static_cast<double>(expected.mean), 1e-13);
        EXPECT_NEAR(network.statistic("standardize1.factor").at(c),
                    static_cast<double>(1 / std::sqrt(expected.variance)), 1e-12);
      }
    }
  }
}

TEST(FitLayers, BitsDoNotDependOnThreads) {
  Rows rows = some_rows(3000, 2, 1, DType::f32);
  rows.weighted = true;
  Network one = standardized(DType::f32), many = standardized(DType::f32);
  fit(one, rows.examples(), {});
  fit(many, rows.examples(), {.threads = 3, .force_threads = true});
  EXPECT_EQ(bits(one), bits(many));
}

TEST(FitLayers, HappensBeforeTheFirstStepUnlessToldNot) {
  const Rows rows = some_rows(20, 2, 1, DType::f64);
  TrainOptions options{.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd()}, .epochs = 2};
  Network fitted = standardized(), trained = standardized(), untouched = standardized();
  fit(fitted, rows.examples(), {});
  Trainer(trained, options).fit(rows.examples());
  EXPECT_EQ(bits(trained.statistic("standardize1.mean")), bits(fitted.statistic("standardize1.mean")));
  options.fit_layers = false;
  Trainer(untouched, options).fit(rows.examples());
  EXPECT_EQ(untouched.statistic("standardize1.mean").at(0), 0);
}

// A layer whose initial weights come from the fit phase; before that they are 0.
nn::Layer begun_by_rows() {
  return [](nn::Scope& scope, Value in) {
    const std::string name = scope.next_name("begun") + ".weight";
    const Value weight = scope.parameter(name, {2, 2}, {}, 2, 2);
    scope.fit(name, in, {.take = [](std::span<const double> mean, std::span<double> value) {
                for (std::size_t i = 0; i < value.size(); ++i) value[i] = 0.1 * mean[0] + 0.2 * static_cast<double>(i);
              }});
    return ops::matmul(scope.graph(), in, weight);
  };
}

TEST(FitLayers, IsAnInitialization) {
  const auto network = [] {
    return Network({.layer = nn::sequential({begun_by_rows(), begun_by_rows()}), .input = {2}, .dtype = DType::f64});
  };
  Rows rows = some_rows(20, 2, 1, DType::f64);
  rows.targets = Tensor(TensorType{DType::f64, {20, 2}, {}});
  TrainOptions options{.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd()}, .epochs = 2};
  Network trained = network(), stepped = network(), searched = network();
  EXPECT_NO_THROW(Trainer(trained, options).fit(rows.examples()));
  TrainingRun run(stepped, options, rows.examples());
  while (run.epoch()) continue;
  EXPECT_EQ(bits(trained), bits(stepped));
  EXPECT_GT(find_rate(searched, options, rows.examples()).rate, 0);
  EXPECT_FALSE(searched.initialized());
  options.fit_layers = false;
  EXPECT_THROW(Trainer(searched, options).fit(rows.examples()), Error);
  EXPECT_THROW((void)find_rate(searched, options, rows.examples()), Error);
}

TEST(FitLayers, OfReplicasIsThatOfTrainingsAlone) {
  Network network = standardized(DType::f32);
  ReplicaSet set{.network = &network,
                 .options = {.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = adam()}, .epochs = 3},
                 .starts = {}};
  std::vector<Rows> rows;
  for (std::uint64_t k = 0; k < 9; ++k) rows.push_back(some_rows(30, 2, 10 + k));
  for (std::uint64_t k = 0; k < 9; ++k)
    set.starts.push_back({.parameters = network.parameters(), .seed = k, .train = rows[k].examples()});
  const auto alone = train_replicas(std::span(&set, 1), {.lanes = 1});
  const auto lanes = train_replicas(std::span(&set, 1), {.lanes = 8});
  for (std::size_t k = 0; k < 9; ++k) {
    EXPECT_TRUE(lanes[0][k].side_by_side);
    EXPECT_EQ(bits(lanes[0][k].parameters), bits(alone[0][k].parameters)) << k;
    EXPECT_EQ(bits(lanes[0][k].statistics.get("statistics.f32")), bits(alone[0][k].statistics.get("statistics.f32")));
  }
  EXPECT_NE(bits(alone[0][0].statistics.get("statistics.f32")), bits(alone[0][1].statistics.get("statistics.f32")));
}

// A data-driven initialization (Salimans & Kingma 2016): the second layer is fitted to outputs of the fitted first one.
TEST(FitLayers, ParametersLearnFromWhatWasFittedBefore) {
  const auto scaled_dense = [](nn::Scope& scope, Value in) {
    Graph& graph = scope.graph();
    const std::string name = scope.next_name("scaled");
    const Value weight = scope.parameter(name + ".weight", {2, 2}, {}, 2, 2);
    const Value out = ops::matmul(graph, in, weight);
    scope.fit(name + ".weight", ops::multiply(graph, out, out),
              {.take = [](std::span<const double> squares, std::span<double> value) {
                const double mean = std::accumulate(squares.begin(), squares.end(), 0.0) / 2;
                for (double& w : value) w /= std::sqrt(mean);
              }});
    return out;
  };
  Network network({.layer = nn::sequential({scaled_dense, scaled_dense}), .input = {2}, .dtype = DType::f64});
  network.initialize(3);
  const Rows rows = some_rows(600, 2, 1, DType::f64);
  fit(network, rows.examples(), {});
  const Tensor out = predict(network, rows.features);
  double squares = 0;
  for (std::int64_t i = 0; i < out.elements(); ++i) squares += out.at(i) * out.at(i);
  EXPECT_NEAR(squares / 1200, 1, 1e-12);
}

TEST(FitLayers, FindsLeastAndMostOfRowsThatCount) {
  const auto range = [](nn::Scope& scope, Value in) {
    scope.statistic("least", {2});
    scope.statistic("most", {2});
    scope.fit("least", in, {.reduction = nn::FitRule::Reduction::min});
    scope.fit("most", in, {.reduction = nn::FitRule::Reduction::max});
    return in;
  };
  Network network({.layer = nn::sequential({range, nn::dense(1)}), .input = {2}, .dtype = DType::f64});
  const Tensor features = Tensor::from<double>({3, 2}, {1, -2, 3, 5, 100, -100}),
               targets(TensorType{DType::f64, {3, 1}, {}}), weights = Tensor::from<double>({3}, {1, 2, 0});
  fit(network, {&features, &targets, &weights}, {});
  EXPECT_EQ(network.statistic("least").at(0), 1);
  EXPECT_EQ(network.statistic("least").at(1), -2);
  EXPECT_EQ(network.statistic("most").at(0), 3);
  EXPECT_EQ(network.statistic("most").at(1), 5);
}

TEST(FitLayers, RefusesWhatIsNotFinite) {
  Rows rows = some_rows(20, 2, 1, DType::f64);
  rows.features.set(7, std::numeric_limits<double>::quiet_NaN());
  Network network = standardized();
  EXPECT_THROW(fit(network, rows.examples(), {}), Error);
}

}  // namespace
}  // namespace hillock

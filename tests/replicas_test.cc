// Trainings side by side end with the bits of the same trainings alone, for random networks, losses, optimizers,
// batches, data and ways to stop.
#include "hillock/replicas.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hillock/error.h"
#include "hillock/op.h"
#include "tests/random_graph.h"

namespace hillock {
namespace {

std::string bits(const Tensor& tensor) { return {static_cast<const char*>(tensor.raw()), tensor.bytes()}; }

struct Curve {
  std::vector<double> train, validation, rates;
};
bool same(const std::vector<double>& x, const std::vector<double>& y) {
  return std::ranges::equal(x, y, [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); });
}

void record(Curve& curve, const EpochReport& report) {
  curve.train.push_back(report.train_loss);
  if (report.validation) curve.validation.push_back(report.validation->loss);
  curve.rates.push_back(report.rate);
}

// The data of a random problem, whose address does not change when the problem is moved.
struct Rows {
  Tensor features, targets, weights;
  bool weighted = false;
  Examples examples() const { return {&features, &targets, weighted ? &weights : nullptr}; }
};

// Sets of starts for a network of one kind.
class RandomProblem {
 public:
  explicit RandomProblem(std::uint64_t seed) : dice_(seed) {
    dtype_ = dice_.chance(0.6) ? DType::f32 : DType::f64;
    inputs_ = 1 + dice_.below(9);
    outputs_ = dice_.chance(0.4) ? 1 : 2 + dice_.below(4);
    choose_loss();
    rows_ = 3 + dice_.below(40);
    validation_rows_ = dice_.chance(0.5) ? 1 + dice_.below(30) : 0;
    weighted_ = dice_.chance(0.3);
    own_data_ = dice_.chance(0.4);
    std::vector<nn::Layer> layers;
    for (std::int64_t hidden = dice_.below(3); hidden > 0; --hidden) {
      layers.push_back(nn::dense(1 + dice_.below(12), {.activation = some_activation()}));
      if (dice_.chance(0.3)) layers.push_back(nn::dropout(0.3));
    }
    layers.push_back(nn::dense(outputs_, {.name = "output"}));
    network_.emplace(
        NetworkOptions{.layer = nn::sequential(layers), .input = {inputs_}, .output = output_, .dtype = dtype_});
    base_ = some_options();
    data_.push_back(some_rows(rows_));
    validation_.push_back(some_rows(std::max<std::int64_t>(validation_rows_, 1)));
    for (std::int64_t count = 1 + dice_.below(3); count > 0; --count) add_set();
  }

  const std::vector<ReplicaSet>& sets() const { return sets_; }

 private:
  void choose_loss() {
    const bool classes = dice_.chance(0.5);
    if (classes && outputs_ > 1) {
      loss_ = nn::LossKind::cross_entropy;
      output_ = nn::Activation::softmax;
    } else if (classes) {
      loss_ = dice_.chance(0.7) ? nn::LossKind::logistic : nn::LossKind::hinge;
      output_ = loss_ == nn::LossKind::hinge ? nn::Activation::identity : nn::Activation::sigmoid;
    } else {
      loss_ = std::array{nn::LossKind::mse, nn::LossKind::sse, nn::LossKind::mae,
                         nn::LossKind::huber}[static_cast<std::size_t>(dice_.below(4))];
      output_ = dice_.chance(0.5) ? nn::Activation::identity : nn::Activation::sigmoid;
    }
    classes_ = classes;
  }
  nn::Activation some_activation() {
    return std::array{nn::Activation::relu,    nn::Activation::sigmoid, nn::Activation::tanh, nn::Activation::gelu,
                      nn::Activation::softmax, nn::Activation::elu,     nn::Activation::mish, nn::Activation::identity}
        [static_cast<std::size_t>(dice_.below(8))];
  }
  TrainOptions some_options() {
    TrainOptions options;
    options.step.loss = nn::loss(loss_);
    // All but L-BFGS, which is last.
    const std::vector<nn::NameAndSummary> names = optimizers();
    const std::string& name = names[static_cast<std::size_t>(dice_.below(std::ssize(names) - 1))].name;
    options.step.optimizer = optimizer_from_name(name, {.weight_decay = dice_.chance(0.3) ? 0.01 : 0});
    if (dice_.chance(0.2)) options.step.clip_norm = 0.5;
    options.step.fuse = !dice_.chance(0.1);
    options.epochs = 1 + dice_.below(12);
    options.batch_size = dice_.chance(0.4) ? 0 : 1 + dice_.below(rows_ + 3);
    options.shuffle = dice_.chance(0.7);
    options.rate = 0.05;
    options.schedule.kind = std::array{Schedule::Kind::constant, Schedule::Kind::cosine,
                                       Schedule::Kind::on_plateau}[static_cast<std::size_t>(dice_.below(3))];
    options.schedule.plateau_patience = 1;
    if (validation_rows_ > 0 && dice_.chance(0.5)) options.patience = 2;
    if (dice_.chance(0.5)) options.target_loss = dice_.real(0.2, 2);
    return options;
  }
  Rows some_rows(std::int64_t rows) {
    Rows data;
    data.features = random_tensor({dtype_, {rows, inputs_}, {}}, dice_);
    const IntegerRange range{0, std::max<std::int64_t>(outputs_, 2)};
    data.targets = classes_ ? random_tensor({DType::i32, {rows}, range}, dice_)
                            : random_tensor({dtype_, {rows, outputs_}, {}}, dice_);
    data.weights = Tensor(TensorType{dtype_, {rows}, {}});
    for (std::int64_t row = 0; row < rows; ++row) data.weights.set(row, dice_.real(0.1, 3));
    data.weighted = weighted_;
    return data;
  }
  void add_set() {
    ReplicaSet set{.network = &*network_, .options = base_, .starts = {}};
    set.options.rate = std::array{0.001, 0.05, 0.7, 1e30}[static_cast<std::size_t>(dice_.below(4))];
    for (std::int64_t count = 4 + dice_.below(40); count > 0; --count) {
      ReplicaStart start;
      start.seed = dice_.bits();
      network_->initialize(start.seed);
      start.parameters = network_->parameters();
      if (own_data_) {
        data_.push_back(some_rows(rows_));
        validation_.push_back(some_rows(std::max<std::int64_t>(validation_rows_, 1)));
      }
      start.train = data_.back().examples();
      if (validation_rows_ > 0) start.validation = validation_.back().examples();
      set.starts.push_back(std::move(start));
    }
    sets_.push_back(std::move(set));
  }

  Dice dice_;
  DType dtype_;
  std::int64_t inputs_, outputs_, rows_, validation_rows_;
  nn::LossKind loss_{};
  nn::Activation output_{};
  bool classes_ = false, weighted_ = false, own_data_ = false;
  std::optional<Network> network_;
  TrainOptions base_;
  std::deque<Rows> data_, validation_;
  std::vector<ReplicaSet> sets_;
};

// The result that Trainer gives for a start.
ReplicaResult train_one(const ReplicaSet& set, const ReplicaStart& start, Curve& curve) {
  Network network(set.network->options());
  Tensor& parameters = network.parameters();
  parameters = start.parameters;
  TrainOptions options = set.options;
  options.seed = start.seed;
  options.on_epoch = [&](const EpochReport& report) {
    record(curve, report);
    return true;
  };
  const TrainResult result = Trainer(network, options).fit(start.train, start.validation);
  return {result, parameters};
}

void expect_same(const ReplicaResult& got, const ReplicaResult& expected) {
  EXPECT_EQ(bits(got.parameters), bits(expected.parameters));
  const TrainResult &a = got.result, &b = expected.result;
  EXPECT_EQ(name_of(a.stopped), name_of(b.stopped));
  EXPECT_EQ(a.explanation, b.explanation);
  EXPECT_EQ(a.finite, b.finite);
  EXPECT_EQ(std::pair(a.epochs, a.steps), std::pair(b.epochs, b.steps));
  EXPECT_EQ(std::pair(a.best_weights, a.best_epoch), std::pair(b.best_weights, b.best_epoch));
  EXPECT_TRUE(same({a.train_loss, a.best_train_loss}, {b.train_loss, b.best_train_loss}));
  EXPECT_TRUE(same({a.validation_loss.value_or(-1), a.best_validation_loss.value_or(-1)},
                   {b.validation_loss.value_or(-1), b.best_validation_loss.value_or(-1)}));
}

class Replicas : public testing::TestWithParam<int> {};

constexpr int kShards = 4;
constexpr std::uint64_t kProblems = 60;  // a shard

TEST_P(Replicas, HaveTheBitsOfTrainingsAlone) {
  std::map<StopReason, int> stopped;
  int side_by_side = 0, all = 0;
  for (std::uint64_t k = 0; k < kProblems && !HasFailure(); ++k) {
    const std::uint64_t seed = k * kShards + static_cast<std::uint64_t>(GetParam());
    SCOPED_TRACE(testing::Message() << "problem " << seed);
    RandomProblem problem(seed);
    std::vector<ReplicaSet> sets = problem.sets();
    std::vector<std::vector<Curve>> curves(sets.size());
    for (std::size_t s = 0; s < sets.size(); ++s) {
      curves[s].resize(sets[s].starts.size());
      sets[s].on_epoch = [&, s](std::size_t start, const EpochReport& report) {
        record(curves[s][start], report);
        return true;
      };
    }
    const auto results = train_replicas(sets, {.threads = 1 + static_cast<int>(seed % 2)});
    for (std::size_t s = 0; s < sets.size(); ++s) {
      for (std::size_t start = 0; start < sets[s].starts.size(); ++start) {
        SCOPED_TRACE(testing::Message() << "set " << s << ", start " << start);
        Curve curve;
        expect_same(results[s][start], train_one(sets[s], sets[s].starts[start], curve));
        EXPECT_TRUE(same(curves[s][start].train, curve.train));
        EXPECT_TRUE(same(curves[s][start].validation, curve.validation));
        EXPECT_TRUE(same(curves[s][start].rates, curve.rates));
        ++stopped[results[s][start].result.stopped];
        side_by_side += results[s][start].side_by_side ? 1 : 0;
        ++all;
        if (HasFailure()) return;
      }
    }
  }
  EXPECT_GE(side_by_side, all * 9 / 10);
  for (const StopReason reason :
       {StopReason::epochs, StopReason::target_loss, StopReason::patience, StopReason::not_finite}) {
    EXPECT_GE(stopped[reason], 20) << name_of(reason);
  }
}

INSTANTIATE_TEST_SUITE_P(Shards, Replicas, testing::Range(0, kShards));

// Exclusive or, which a seed of this network does not always learn.
struct Xor {
  Tensor features = Tensor::from<float>({4, 2}, {0, 0, 0, 1, 1, 0, 1, 1});
  Tensor targets = Tensor::from<float>({4, 1}, {0, 1, 1, 0});
  Network network{{.layer = nn::sequential({nn::dense(3, {.activation = nn::Activation::tanh}), nn::dense(1)}),
                   .input = {2},
                   .output = nn::Activation::sigmoid}};

  ReplicaSet set(std::size_t starts) {
    ReplicaSet set{.network = &network,
                   .options = {.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = adam()},
                               .epochs = 300,
                               .batch_size = 0,
                               .rate = 0.05},
                   .starts = {}};
    for (std::size_t k = 0; k < starts; ++k) {
      network.initialize(k);
      set.starts.push_back({.parameters = network.parameters(), .seed = k, .train = {&features, &targets}});
    }
    return set;
  }
};

TEST(Replicas, AloneAndSideBySideAreTheSame) {
  Xor problem;
  const std::vector<ReplicaSet> sets{problem.set(50)};
  const auto together = train_replicas(sets);
  const auto alone = train_replicas(sets, {.lanes = 1});
  for (std::size_t k = 0; k < 50; ++k) {
    EXPECT_TRUE(together[0][k].side_by_side);
    EXPECT_FALSE(alone[0][k].side_by_side);
    expect_same(together[0][k], alone[0][k]);
  }
}

TEST(Replicas, AnyWidthIsTheSame) {
  Xor problem;
  const std::vector<ReplicaSet> sets{problem.set(37)};
  const auto expected = train_replicas(sets, {.lanes = 1});
  for (const std::int64_t lanes : {8, 16, 64, 256}) {
    const auto results = train_replicas(sets, {.threads = 2, .lanes = lanes});
    for (std::size_t k = 0; k < 37; ++k) expect_same(results[0][k], expected[0][k]);
  }
}

TEST(Replicas, AStartStopsWhenTheCallbackSaysSo) {
  Xor problem;
  std::vector<ReplicaSet> sets{problem.set(20)};
  sets[0].on_epoch = [](std::size_t start, const EpochReport& report) {
    return report.epoch < static_cast<std::int64_t>(start) + 5;
  };
  const auto results = train_replicas(sets);
  for (std::size_t k = 0; k < 20; ++k) {
    EXPECT_EQ(results[0][k].result.stopped, StopReason::callback);
    EXPECT_EQ(results[0][k].result.epochs, static_cast<std::int64_t>(k) + 5);
  }
}

TEST(Replicas, AnInterruptEndsThemAllAfterTheirStep) {
  Xor problem;
  std::vector<ReplicaSet> sets{problem.set(20)};
  std::atomic<bool> interrupt{false};
  sets[0].options.interrupt = &interrupt;
  sets[0].on_epoch = [&](std::size_t start, const EpochReport& report) {
    if (start == 3 && report.epoch == 7) interrupt = true;
    return true;
  };
  const auto results = train_replicas(sets);
  for (const ReplicaResult& result : results[0]) {
    EXPECT_EQ(result.result.stopped, StopReason::interrupted);
    EXPECT_EQ(result.result.steps, 8);
    EXPECT_EQ(result.result.epochs, 7);
  }
}

TEST(Replicas, WhatACallbackThrowsComesOut) {
  Xor problem;
  std::vector<ReplicaSet> sets{problem.set(300)};
  sets[0].on_epoch = [](std::size_t start, const EpochReport& report) -> bool {
    if (start == 17 && report.epoch == 3) throw Error("stop");
    return true;
  };
  EXPECT_THROW(train_replicas(sets, {.threads = 3}), Error);
}

TEST(Replicas, NetworksWithLbfgsTrainAlone) {
  Xor problem;
  std::vector<ReplicaSet> sets{problem.set(9)};
  sets[0].options.step.optimizer = lbfgs();
  sets[0].options.rate = 1;
  sets[0].options.epochs = 20;
  const auto results = train_replicas(sets, {.threads = 2});
  for (std::size_t k = 0; k < 9; ++k) {
    Curve curve;
    EXPECT_FALSE(results[0][k].side_by_side);
    expect_same(results[0][k], train_one(sets[0], sets[0].starts[k], curve));
  }
}

// An op of a user that has no rule for replicas.
const Op& pad_of_ones_own() {
  static const Op op = [] {
    Op record = *find_op("pad");
    record.name = "pad_of_ones_own";
    record.replicate = nullptr;
    return record;
  }();
  return op;
}

TEST(Replicas, NetworksWithAnOpWithoutARuleTrainAlone) {
  Xor problem;
  const nn::Layer padded = [](nn::Scope& scope, Value in) {
    const std::array<Value, 1> operand{in};
    const std::vector<std::int64_t> before{0, 0}, after{0, 1};
    return scope.graph().apply(pad_of_ones_own(), operand, {{"before", before}, {"after", after}})[0];
  };
  problem.network = Network({.layer = nn::sequential({nn::dense(3), padded, nn::dense(1, {.name = "output"})}),
                             .input = {2},
                             .output = nn::Activation::sigmoid});
  const std::vector<ReplicaSet> sets{problem.set(16)};
  const auto results = train_replicas(sets);
  for (std::size_t k = 0; k < 16; ++k) {
    Curve curve;
    EXPECT_FALSE(results[0][k].side_by_side);
    expect_same(results[0][k], train_one(sets[0], sets[0].starts[k], curve));
  }
}

std::string refusal(const std::vector<ReplicaSet>& sets, const ReplicaOptions& options = {}) {
  try {
    train_replicas(sets, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Replicas, RefuseWhatDoesNotFit) {
  Xor problem;
  std::vector<ReplicaSet> sets{problem.set(3)};
  EXPECT_EQ(refusal(sets, {.threads = 0}), "replicas: 0 threads; ask for 1 or more");
  EXPECT_EQ(refusal(sets, {.lanes = 12}), "replicas: 12 lanes; ask for 0, 1 or a power of two of at least 8");
  sets[0].starts[1].parameters = Tensor(TensorType{DType::f32, {3}, {}});
  EXPECT_EQ(refusal(sets), "replicas: a start's parameters are f32[3]; the network has f32[13]");
  sets[0] = problem.set(3);
  sets[0].options.on_step = [](const StepReport&) {};
  EXPECT_EQ(refusal(sets), "replicas: a set's options have a callback; use ReplicaSet::on_epoch");
  sets[0] = problem.set(3);
  sets[0].network = nullptr;
  EXPECT_EQ(refusal(sets), "replicas: a set has no network; name the one whose layers its starts have");
  sets[0] = problem.set(3);
  sets[0].starts[2].train.features = nullptr;
  EXPECT_EQ(refusal(sets), "train: the training rows are missing; pass features and targets");
}

TEST(Replicas, NothingToTrainIsNothingTrained) {
  Xor problem;
  EXPECT_TRUE(train_replicas({}).empty());
  std::vector<ReplicaSet> sets{problem.set(0), problem.set(1)};
  sets[1].options.epochs = 0;
  const auto results = train_replicas(sets);
  EXPECT_TRUE(results[0].empty());
  EXPECT_EQ(bits(results[1][0].parameters), bits(sets[1].starts[0].parameters));
}

}  // namespace
}  // namespace hillock

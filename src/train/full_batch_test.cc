// L-BFGS on networks, compared with minima that SciPy found (scripts/make_menu_oracles.py); what the trainer refuses;
// the on-plateau schedule within a run.
#include "train/full_batch.h"

#include <gtest/gtest.h>

#include <cmath>

#include "hillock/error.h"
#include "hillock/run.h"
#include "tests/golden.h"
#include "tests/graph_function.h"

namespace hillock {
namespace {

using testing::matrix_of;

struct Problem {
  nlohmann::json golden = read_golden("menus.json")["minima"];
  Tensor features = matrix_of(golden["x"]);
  Tensor labels{TensorType{DType::i32, {40}, IntegerRange{0, 2}}};
  Problem() {
    for (std::size_t r = 0; r < 40; ++r) labels.set(static_cast<std::int64_t>(r), golden["labels"][r].get<double>());
  }
  Examples examples() const { return {&features, &labels}; }
  TrainOptions options(double weight_decay, std::int64_t epochs = 300) const {
    return {.step = {.loss = nn::loss(nn::LossKind::logistic), .optimizer = lbfgs({.weight_decay = weight_decay})},
            .epochs = epochs,
            .batch_size = 0,
            .rate = 1};
  }
};

Network network_of(std::vector<nn::Layer> layers, DType dtype = DType::f64) {
  layers.push_back(nn::dense(1, {.name = "output"}));
  return Network({.layer = nn::sequential(layers), .input = {3}, .output = nn::Activation::sigmoid, .dtype = dtype});
}

double objective(const Network& network, const Examples& examples, double weight_decay) {
  double squares = 0;
  const Tensor& block = network.parameters();
  for (std::int64_t i = 0; i < block.elements(); ++i) squares += block.at(i) * block.at(i);
  return evaluate(network, nn::loss(nn::LossKind::logistic), examples).loss + 0.5 * weight_decay * squares;
}

TEST(FullBatch, FindsScipysLogisticRegression) {
  const Problem problem;
  const nlohmann::json& golden = problem.golden["regression"];
  const double decay = golden["weight_decay"];
  Network network = network_of({});
  const TrainResult result = Trainer(network, problem.options(decay)).fit(problem.examples());
  EXPECT_EQ(result.stopped, StopReason::converged);
  EXPECT_LT(result.epochs, 30);
  // The function is flat at its minimum: a relative change of 1e-16 corresponds to one of 1e-8 in the weights.
  EXPECT_NEAR(objective(network, problem.examples(), decay), golden["value"].get<double>(), 1e-14);
  const Tensor weight = network.parameter("output.weight");
  for (std::int64_t i = 0; i < 3; ++i)
    EXPECT_NEAR(weight.at(i), golden["weights"][static_cast<std::size_t>(i)].get<double>(), 1e-7);
  EXPECT_NEAR(network.parameter("output.bias").at(0), golden["weights"][3].get<double>(), 1e-7);
}

TEST(FullBatch, FindsScipysMinimumOfASmallNetwork) {
  const Problem problem;
  const nlohmann::json& golden = problem.golden["network"];
  const double decay = golden["weight_decay"];
  Network network = network_of({nn::dense(4, {.activation = nn::Activation::tanh})});
  Tensor& block = network.parameters();
  for (std::int64_t i = 0; i < 21; ++i) block.set(i, golden["start"][static_cast<std::size_t>(i)].get<double>());
  const TrainResult result = Trainer(network, problem.options(decay)).fit(problem.examples());
  EXPECT_EQ(result.stopped, StopReason::converged);
  EXPECT_LT(result.epochs, 200);
  EXPECT_NEAR(objective(network, problem.examples(), decay), golden["value"].get<double>(), 1e-10);
}

TEST(FullBatch, LowersTheLossAtEveryStepInF32AsWell) {
  const Problem problem;
  Tensor features(TensorType{DType::f32, problem.features.shape(), {}});
  for (std::int64_t i = 0; i < features.elements(); ++i) features.set(i, problem.features.at(i));
  std::vector<std::string> bits;
  for (const int threads : {1, 3}) {
    Network network = network_of({nn::dense(4, {.activation = nn::Activation::gelu})}, DType::f32);
    network.initialize(4);
    TrainOptions options = problem.options(0.01, 60);
    options.step.session = {.threads = threads, .force_threads = threads > 1};
    std::vector<double> values;
    options.on_epoch = [&](const EpochReport&) {
      values.push_back(objective(network, {&features, &problem.labels}, 0.01));
      return true;
    };
    Trainer(network, options).fit({&features, &problem.labels});
    for (std::size_t k = 1; k < values.size(); ++k) EXPECT_LE(values[k], values[k - 1] + 1e-6) << k;
    const Tensor& block = network.parameters();
    bits.emplace_back(static_cast<const char*>(block.raw()), block.bytes());
  }
  EXPECT_EQ(bits[0], bits[1]);
}

TEST(FullBatch, RefusesWhatDoesNotGoWithIt) {
  const Problem problem;
  const auto message = [&](Network network, const TrainOptions& options) {
    try {
      Trainer(network, options).fit(problem.examples());
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  TrainOptions batches = problem.options(0), clipped = problem.options(0);
  batches.batch_size = 32;
  clipped.step.clip_norm = 1;
  EXPECT_EQ(message(network_of({}), batches),
            "train: L-BFGS needs all 40 rows in each step and the batch is 32; make it all");
  EXPECT_EQ(
      message(network_of({}), clipped),
      "train: L-BFGS finds the length of its steps itself and the gradient is to be clipped at 1; leave that out");
  EXPECT_EQ(message(network_of({nn::dense(4), nn::dropout(0.1)}), problem.options(0)),
            "train: L-BFGS needs a loss that stays the same and the network has dropout; leave that out");
}

TEST(FullBatch, ALossThatIsNoNumberLeavesTheWeights) {
  Problem problem;
  problem.features.set(5, std::nan(""));
  Network network = network_of({});
  network.initialize(2);
  const double before = network.parameter("output.weight").at(0);
  const TrainResult result = Trainer(network, problem.options(0)).fit(problem.examples());
  EXPECT_EQ(result.stopped, StopReason::not_finite);
  EXPECT_NE(result.explanation.find("features"), std::string::npos) << result.explanation;
  EXPECT_EQ(network.parameter("output.weight").at(0), before);
}

// The rates that the trainer reports are those that Plateau, tested against PyTorch, gives for the reported losses.
TEST(OnPlateau, FollowsTheValidationLossOrTheTrainingLoss) {
  const Problem problem;
  for (const bool validated : {true, false}) {
    Network network = network_of({nn::dense(4, {.activation = nn::Activation::tanh})});
    network.initialize(1);
    TrainOptions options = problem.options(0, 200);
    options.step.optimizer = sgd();
    options.rate = 30;  // so large that the loss does not fall
    options.schedule = schedule_from_name("on-plateau 0.5 2");
    Plateau expected(options.schedule);
    std::int64_t reductions = 0;
    options.on_epoch = [&](const EpochReport& report) {
      EXPECT_EQ(report.rate, 30 * expected.factor());
      const double before = expected.factor();
      expected.observe(report.validation ? report.validation->loss : report.train_loss);
      reductions += expected.factor() < before ? 1 : 0;
      return true;
    };
    std::optional<Examples> validation;
    if (validated) validation = problem.examples();
    Trainer(network, options).fit(problem.examples(), validation);
    EXPECT_GT(reductions, 2);
  }
}

// If the gradient is exactly 0, an iteration needs no pass. A restored run then used to have no pass to look at.
TEST(FullBatch, ARestoredRunEndsWhereTheGradientIsZero) {
  const Tensor x = Tensor::from<float>({1, 1}, {1}), y = Tensor::from<float>({1, 1}, {1});
  const nn::Layer layer = nn::dense(1);
  std::vector<double> rates;
  const nn::Layer asks = [&](nn::Scope& scope, Value in) {
    if (scope.training()) scope.number("rate", [&](const nn::Progress& at) { return rates.emplace_back(at.rate); });
    return in;
  };
  const TrainOptions options{
      .step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = lbfgs()}, .epochs = 50, .batch_size = 0, .rate = 1};
  Network network({.layer = nn::sequential({asks, layer}), .input = {1}});
  network.initialize(1);
  TrainingRun run(network, options, {&x, &y});
  std::vector<Snapshot> snapshots{run.snapshot()};
  while (run.step()) snapshots.push_back(run.snapshot());
  ASSERT_EQ(run.result().stopped, StopReason::converged);
  ASSERT_EQ(run.result().train_loss, 0);
  ASSERT_GT(snapshots.size(), 1u);
  for (const Snapshot& snapshot : snapshots) {
    Network other(network.options());
    TrainingRun rest(other, options, {&x, &y});
    rest.restore(snapshot);
    while (rest.step()) continue;
    EXPECT_EQ(rest.result().stopped, StopReason::converged);
    EXPECT_EQ(rest.result().steps, run.result().steps);
    EXPECT_EQ(rest.result().train_loss, 0);
  }
  for (const double rate : rates) EXPECT_EQ(rate, 1);
  EXPECT_FALSE(rates.empty());
}

}  // namespace
}  // namespace hillock

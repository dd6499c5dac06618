// What the trainer promises: stopping, best weights, losses that are not finite, interruption, repeatability. Metrics
// are compared with scikit-learn.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <thread>

#include "hillock/error.h"
#include "hillock/ops.h"
#include "hillock/train.h"
#include "tests/golden.h"

namespace hillock {
namespace {

Network small_network(DType dtype = DType::f32, double dropout = 0) {
  Network network({.layer = nn::sequential({nn::dense(16, {.activation = nn::Activation::tanh}), nn::dropout(dropout),
                                            nn::dense(2, {.name = "output"})}),
                   .input = {3},
                   .output = nn::Activation::softmax,
                   .dtype = dtype});
  network.initialize(5);
  return network;
}

// Rows whose class is the sign of a product, which is not linear.
struct Data {
  Tensor features, labels;
  Examples examples() const { return {&features, &labels}; }
};

Data make_data(std::int64_t rows, std::uint64_t stream, DType dtype = DType::f32) {
  Data data{Tensor(TensorType{dtype, {rows, 3}, {}}), Tensor(TensorType{DType::i32, {rows}, IntegerRange{0, 2}})};
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < 3; ++c)
      data.features.set(r * 3 + c, 2 * golden_uniform(stream, static_cast<std::uint64_t>(r * 3 + c)) - 1);
    data.labels.set(r, data.features.at(r * 3) * data.features.at(r * 3 + 1) > 0 ? 1 : 0);
  }
  return data;
}

TrainOptions options(std::int64_t epochs = 40) {
  return {.step = {.loss = nn::loss(nn::LossKind::cross_entropy), .optimizer = adam()},
          .epochs = epochs,
          .batch_size = 32,
          .rate = 0.02,
          .seed = 3};
}

std::string bits(const Network& network) {
  const Tensor& block = network.parameters();
  return std::string(static_cast<const char*>(block.raw()), block.bytes());
}

TEST(Trainer, LearnsWhatIsNotLinear) {
  const Data train = make_data(500, 1);
  const Data test = make_data(200, 2);
  Network network = small_network();
  const TrainResult result = Trainer(network, options()).fit(train.examples());
  EXPECT_EQ(result.stopped, StopReason::epochs);
  EXPECT_EQ(result.epochs, 40);
  EXPECT_EQ(result.steps, 40 * 16);  // 500 rows: 15 whole batches and a smaller one
  EXPECT_FALSE(result.best_weights);
  EXPECT_GT(evaluate(network, options().step.loss, test.examples()).accuracy, 0.95);
}

TEST(Trainer, SameSeedSameBitsWhateverTheThreads) {
  const Data train = make_data(300, 1);
  std::vector<std::string> results;
  for (int threads : {1, 1, 2, 3, 4}) {
    Network network = small_network(DType::f32, 0.3);
    TrainOptions with_threads = options(3);
    with_threads.step.session = {.threads = threads, .force_threads = threads > 1};
    Trainer(network, with_threads).fit(train.examples());
    results.push_back(bits(network));
  }
  for (const std::string& result : results) EXPECT_EQ(result, results.front());
  Network network = small_network(DType::f32, 0.3);
  TrainOptions unfused = options(3);
  unfused.step.fuse = false;
  Trainer(network, unfused).fit(train.examples());
  EXPECT_EQ(bits(network), results.front());
  Network other = small_network(DType::f32, 0.3);
  TrainOptions another_seed = options(3);
  another_seed.seed = 4;
  Trainer(other, another_seed).fit(train.examples());
  EXPECT_NE(bits(other), results.front());
}

TEST(Trainer, FittingTwiceStartsTheOptimizerAfresh) {
  const Data train = make_data(100, 1);
  Network network = small_network();
  Trainer trainer(network, options(3));
  trainer.fit(train.examples());
  const std::string once = bits(network);
  network.initialize(5);
  trainer.fit(train.examples());
  EXPECT_EQ(bits(network), once);
}

TEST(Trainer, StopsByPatienceWithTheBestWeights) {
  const Data train = make_data(60, 1);
  const Data validation = make_data(200, 2);
  Network network = small_network();
  TrainOptions with_patience = options(500);
  with_patience.patience = 5;
  std::vector<double> losses, train_losses;
  std::vector<std::string> weights;
  with_patience.on_epoch = [&](const EpochReport& report) {
    losses.push_back(report.validation->loss);
    train_losses.push_back(report.train_loss);
    weights.push_back(bits(network));
    return true;
  };
  const TrainResult result = Trainer(network, with_patience).fit(train.examples(), validation.examples());
  EXPECT_EQ(result.stopped, StopReason::patience);
  EXPECT_LT(result.epochs, 500);
  EXPECT_TRUE(result.best_weights);
  const auto best = static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin());
  EXPECT_EQ(result.best_epoch, static_cast<std::int64_t>(best) + 1);
  EXPECT_EQ(result.epochs, result.best_epoch + 5);
  EXPECT_EQ(bits(network), weights[best]);
  EXPECT_EQ(result.validation_loss, losses.back());
  EXPECT_EQ(result.best_validation_loss, losses[best]);
  EXPECT_EQ(result.train_loss, train_losses.back());
  EXPECT_EQ(result.best_train_loss, train_losses[best]);
  EXPECT_EQ(evaluate(network, with_patience.step.loss, validation.examples()).loss, losses[best]);
}

TEST(Trainer, StopsAtTheTargetLoss) {
  const Data train = make_data(200, 1);
  Network network = small_network();
  TrainOptions with_target = options(2000);
  with_target.target_loss = 0.2;
  const TrainResult result = Trainer(network, with_target).fit(train.examples());
  EXPECT_EQ(result.stopped, StopReason::target_loss);
  EXPECT_LE(result.train_loss, 0.2);
  EXPECT_LT(result.epochs, 2000);
}

TEST(Trainer, StopsWhenTheCallbackSaysSoOrSomeoneInterrupts) {
  const Data train = make_data(100, 1);
  Network network = small_network();
  TrainOptions stopping = options();
  stopping.on_epoch = [](const EpochReport& report) { return report.epoch < 3; };
  EXPECT_EQ(Trainer(network, stopping).fit(train.examples()).stopped, StopReason::callback);

  std::atomic<bool> interrupt{false};
  TrainOptions interrupted = options();
  interrupted.interrupt = &interrupt;
  interrupted.on_step = [&](const StepReport& report) {
    if (report.step == 6) interrupt = true;
  };
  const TrainResult result = Trainer(network, interrupted).fit(train.examples());
  EXPECT_EQ(result.stopped, StopReason::interrupted);
  EXPECT_EQ(result.steps, 6);
}

TEST(Trainer, ABrokenLossLeavesTheStateBeforeItAndIsExplained) {
  Data train = make_data(96, 1);
  train.features.set(70 * 3 + 1, std::numeric_limits<double>::quiet_NaN());  // in the third batch
  Network network = small_network();
  TrainOptions in_order = options();
  in_order.shuffle = false;
  std::string before;
  in_order.on_step = [&](const StepReport&) { before = bits(network); };
  const TrainResult result = Trainer(network, in_order).fit(train.examples());
  EXPECT_EQ(result.stopped, StopReason::not_finite);
  EXPECT_EQ(result.steps, 2);
  EXPECT_EQ(bits(network), before);
  EXPECT_EQ(
      result.explanation,
      "the loss became nan at step 3: input became nan first, at element 19 of f32[32, 3], computing \"features\"");
}

TEST(Trainer, ADivergingRunNamesTheValueThatWentFirst) {
  Network network({.layer = nn::dense(1, {.name = "output"}), .input = {1}, .dtype = DType::f32});
  const Tensor x = Tensor::from<float>({2, 1}, {1.F, 2.F});
  const Tensor y = Tensor::from<float>({2, 1}, {1.F, 3.F});
  TrainOptions wild{
      .step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd()}, .epochs = 1000, .batch_size = 0, .rate = 1e6};
  const TrainResult result = Trainer(network, wild).fit({&x, &y});
  EXPECT_EQ(result.stopped, StopReason::not_finite);
  EXPECT_NE(result.explanation.find("multiply became inf first"), std::string::npos) << result.explanation;
  for (std::int64_t i = 0; i < 2; ++i) EXPECT_TRUE(std::isfinite(network.parameters().at(i)));
}

// One row per step, (x, y) = (1, 1), (2, 1), (1e20, 1e19), with weights that a tiny rate keeps near 0. The third loss
// is 1e38, which is finite; its gradient by the weight is 2e39, which is not.
TEST(Trainer, AGradientThatOverflowsLeavesTheStateBeforeItThoughTheLossIsFinite) {
  const Tensor x = Tensor::from<float>({3, 1}, {1.F, 2.F, 1e20F});
  const Tensor y = Tensor::from<float>({3, 1}, {1.F, 1.F, 1e19F});
  for (const double clip_norm : {0.0, 1.0}) {
    Network network({.layer = nn::dense(1, {.name = "output"}), .input = {1}, .dtype = DType::f32});
    TrainOptions in_order{
        .step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd({.momentum = 0.9}), .clip_norm = clip_norm},
        .epochs = 1,
        .batch_size = 1,
        .rate = 1e-30,
        .shuffle = false};
    std::string weights, momentum;
    const auto momentum_bits = [&] {
      const Tensor& slot = network.store().get("momentum");
      return std::string(static_cast<const char*>(slot.raw()), slot.bytes());
    };
    in_order.on_step = [&](const StepReport&) {
      weights = bits(network);
      momentum = momentum_bits();
    };
    const TrainResult result = Trainer(network, in_order).fit({&x, &y});
    EXPECT_EQ(result.stopped, StopReason::not_finite);
    EXPECT_EQ(result.steps, 2);
    EXPECT_EQ(result.epochs, 0);
    EXPECT_TRUE(result.finite);
    EXPECT_EQ(bits(network), weights);
    EXPECT_EQ(momentum_bits(), momentum);
    EXPECT_TRUE(
        result.explanation.starts_with("the gradient became infinite or NaN at step 3: matmul became -inf first, "))
        << result.explanation;
  }
}

// A finite rate times a finite gradient may overflow. With no step after it, this is found at the end of the epoch.
TEST(Trainer, AnUpdateThatOverflowsIsNoFinishedEpoch) {
  Network network({.layer = nn::dense(1, {.name = "output"}), .input = {1}, .dtype = DType::f32});
  const Tensor x = Tensor::from<float>({1, 1}, {1e3F});
  const Tensor y = Tensor::from<float>({1, 1}, {1e3F});
  TrainOptions wild{
      .step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd()}, .epochs = 1, .batch_size = 0, .rate = 1e38};
  const TrainResult result = Trainer(network, wild).fit({&x, &y});
  EXPECT_EQ(result.stopped, StopReason::not_finite);
  EXPECT_EQ(result.epochs, 0);
  EXPECT_FALSE(result.finite);
  EXPECT_EQ(result.explanation, "the weights became infinite or NaN in epoch 1: an update was beyond f32");
}

TEST(Trainer, RefusesBeforeTheFirstStep) {
  const Data train = make_data(10, 1);
  Network network = small_network();
  const std::string before = bits(network);
  const Data wrong_dtype = make_data(10, 1, DType::f64);
  EXPECT_THROW(Trainer(network, options()).fit(wrong_dtype.examples()), Error);
  Tensor too_many(TensorType{DType::i32, {10}, IntegerRange{0, 3}});
  EXPECT_THROW(Trainer(network, options()).fit({&train.features, &too_many}), Error);
  Tensor too_few(TensorType{DType::i32, {9}, IntegerRange{0, 2}});
  EXPECT_THROW(Trainer(network, options()).fit({&train.features, &too_few}), Error);
  TrainOptions negative = options(-1);
  EXPECT_THROW(Trainer(network, negative), Error);
  TrainOptions beyond_f32 = options();
  beyond_f32.rate = 1e39;
  EXPECT_THROW(Trainer(network, beyond_f32), Error);
  EXPECT_EQ(bits(network), before);
}

// In training, dropout keeps the expected value and drops the stated share; otherwise it does nothing.
TEST(Dropout, DropsTheStatedShareAndKeepsTheMean) {
  Graph graph;
  nn::StateLayout layout;
  const Value position = graph.input("position", {DType::i64, {3}, {}});
  const Value block = graph.state("block", {DType::f64, {0}, {}});
  const Value ones = ops::constant(graph, DType::f64, {1000, 100}, 1);
  nn::Scope training(graph, DType::f64, true, layout, block, position);
  nn::Scope predicting(graph, DType::f64, false, layout, block, {});
  const nn::Layer layer = nn::dropout(0.2);
  const Value dropped = layer(training, ones);
  EXPECT_EQ(layer(predicting, ones), ones);
  Store store;
  store.put("block", Tensor(TensorType{DType::f64, {0}, {}}));
  const Plan plan(graph, {.outputs = {dropped}});
  Session session(plan, store);
  const Tensor at = Tensor::from<std::int64_t>({3}, {7, 1, 0});
  session.bind("position", at);
  session.run();
  double zeros = 0;
  double sum = 0;
  for (double value : session.output_values<double>(0)) {
    zeros += value == 0 ? 1 : 0;
    sum += value;
    EXPECT_TRUE(value == 0 || value == 1.25);
  }
  // With 100000 draws the standard deviation is 0.0013.
  EXPECT_NEAR(zeros / 1e5, 0.2, 0.006);
  EXPECT_NEAR(sum / 1e5, 1, 0.008);
}

TEST(Predict, ARowsBitsAreTheSameAloneAndInAnyBatch) {
  const Data data = make_data(300, 1);
  const Network network = small_network();
  const Tensor all = predict(network, data.features);
  for (std::int64_t batch : {1, 2, 7, 64}) {
    Predictor predictor(network, batch);
    for (std::int64_t first = 0; first < 300; first += batch) {
      const std::int64_t count = std::min(batch, 300 - first);
      const auto out = predictor.predict(data.features.values<float>().subspan(static_cast<std::size_t>(first * 3),
                                                                               static_cast<std::size_t>(count * 3)));
      EXPECT_EQ(std::memcmp(out.data(), all.values<float>().data() + first * 2, out.size_bytes()), 0)
          << batch << " " << first;
    }
  }
}

TEST(Predict, AConstNetworkServesManyThreads) {
  const Data data = make_data(200, 1);
  const Network network = small_network();
  const Tensor expected = predict(network, data.features);
  std::vector<std::thread> threads;
  std::atomic<int> equal{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const Tensor mine = predict(network, data.features);
      if (std::memcmp(mine.raw(), expected.raw(), expected.bytes()) == 0) ++equal;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(equal, 4);
}

// --- metrics against scikit-learn ---

Tensor column(const nlohmann::json& values) {
  Tensor tensor(TensorType{DType::f64, {static_cast<std::int64_t>(values.size()), 1}, {}});
  for (std::size_t i = 0; i < values.size(); ++i) tensor.set(static_cast<std::int64_t>(i), values[i].get<double>());
  return tensor;
}

Tensor labels_of(const nlohmann::json& values, std::int64_t classes) {
  Tensor tensor(TensorType{DType::i32, {static_cast<std::int64_t>(values.size())}, IntegerRange{0, classes}});
  for (std::size_t i = 0; i < values.size(); ++i) tensor.set(static_cast<std::int64_t>(i), values[i].get<double>());
  return tensor;
}

TEST(Metrics, OfClassesAreScikitLearns) {
  const nlohmann::json golden = read_golden("training.json")["metrics"]["classes"];
  Tensor scores(TensorType{DType::f64, {40, 3}, {}});
  for (std::int64_t i = 0; i < 120; ++i)
    scores.set(i, golden["scores"][static_cast<std::size_t>(i / 3)][static_cast<std::size_t>(i % 3)].get<double>());
  const Metrics metrics = classification_metrics(scores, labels_of(golden["labels"], 3));
  EXPECT_EQ(metrics.rows, 40);
  EXPECT_DOUBLE_EQ(metrics.accuracy, golden["accuracy"].get<double>());
  EXPECT_NEAR(metrics.log_loss, golden["log_loss"].get<double>(), 1e-13);
  EXPECT_EQ(metrics.confusion, golden["confusion"].get<std::vector<std::vector<std::int64_t>>>());
  ASSERT_EQ(metrics.recall.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_DOUBLE_EQ(metrics.recall[k], golden["recall"][k].get<double>());
  EXPECT_FALSE(metrics.auc);
}

TEST(Metrics, OfTwoClassesAreScikitLearns) {
  const nlohmann::json golden = read_golden("training.json")["metrics"]["binary"];
  const Metrics metrics = classification_metrics(column(golden["scores"]), labels_of(golden["labels"], 2));
  EXPECT_DOUBLE_EQ(metrics.accuracy, golden["accuracy"].get<double>());
  EXPECT_NEAR(metrics.log_loss, golden["log_loss"].get<double>(), 1e-13);
  EXPECT_NEAR(metrics.auc.value(), golden["auc"].get<double>(), 1e-14);
}

TEST(Metrics, ScoresThatAreNoNumbersHaveNoArea) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor scores = Tensor::from<double>({4, 1}, {0.1, nan, 0.9, nan});
  EXPECT_FALSE(classification_metrics(scores, labels_of({0, 1, 1, 0}, 2)).auc);
}

TEST(Metrics, OfRegressionAreScikitLearnsInTheTargetsUnits) {
  const nlohmann::json golden = read_golden("training.json")["metrics"]["regression"];
  Tensor predictions = column(golden["predictions"]);
  Tensor targets = column(golden["targets"]);
  const Metrics plain = regression_metrics(predictions, targets);
  EXPECT_NEAR(plain.rmse, golden["rmse"].get<double>(), 1e-13);
  EXPECT_NEAR(plain.mae, golden["mae"].get<double>(), 1e-13);
  EXPECT_NEAR(plain.r2, golden["r2"].get<double>(), 1e-13);
  for (std::int64_t i = 0; i < 40; ++i) {
    predictions.set(i, (predictions.at(i) - 3) / 7);
    targets.set(i, (targets.at(i) - 3) / 7);
  }
  const Metrics scaled = regression_metrics(predictions, targets, {.offset = 3, .factor = 7});
  EXPECT_NEAR(scaled.rmse, plain.rmse, 1e-13);
  EXPECT_NEAR(scaled.mae, plain.mae, 1e-13);
  EXPECT_NEAR(scaled.r2, plain.r2, 1e-13);
}

TEST(StepReport, SaysHowMuchIsDone) {
  EXPECT_EQ((StepReport{.epoch = 1, .steps_in_epoch = 4, .steps_done_in_epoch = 2, .epochs = 2}.done()), 0.25);
  EXPECT_EQ((StepReport{.epoch = 2, .steps_in_epoch = 4, .steps_done_in_epoch = 4, .epochs = 2}.done()), 1);
}

}  // namespace
}  // namespace hillock

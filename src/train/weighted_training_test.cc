// Training, evaluation and metrics with weights: a weight counts copies of a row, 0 leaves it out, and only ratios
// matter.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/error_testing.h"
#include "hillock/error.h"
#include "hillock/ops.h"
#include "hillock/train.h"
#include "tests/golden.h"

namespace hillock {
namespace {

// Rows of three features with a class, a number and a weight each.
struct Data {
  explicit Data(std::int64_t rows, DType dtype = DType::f64)
      : features(TensorType{dtype, {rows, 3}, {}}),
        labels(TensorType{DType::i32, {rows}, IntegerRange{0, 3}}),
        numbers(TensorType{dtype, {rows, 1}, {}}),
        weights(TensorType{dtype, {rows}, {}}) {}
  void copy_row(std::int64_t to, const Data& from, std::int64_t row) {
    for (std::int64_t c = 0; c < 3; ++c) features.set(to * 3 + c, from.features.at(row * 3 + c));
    labels.set(to, from.labels.at(row));
    numbers.set(to, from.numbers.at(row));
    weights.set(to, 1);
  }
  Examples examples(bool classes, bool weighted) const {
    return {&features, classes ? &labels : &numbers, weighted ? &weights : nullptr};
  }
  Tensor features, labels, numbers, weights;
};

Data make_data(std::int64_t rows, std::uint64_t stream, DType dtype = DType::f64) {
  Data data(rows, dtype);
  const auto draw = [&](std::int64_t i) { return golden_uniform(stream, static_cast<std::uint64_t>(i)); };
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < 3; ++c) data.features.set(r * 3 + c, 2 * draw(r * 3 + c) - 1);
    data.labels.set(r, std::floor(3 * draw(100'000 + r)));
    data.numbers.set(r, draw(200'000 + r));
    data.weights.set(r, std::floor(4 * draw(300'000 + r)));  // weights from 0 to 3
  }
  return data;
}

// Repeats each row as often as its weight says.
Data repeated(const Data& data) {
  std::vector<std::int64_t> rows;
  for (std::int64_t r = 0; r < data.weights.elements(); ++r)
    rows.insert(rows.end(), static_cast<std::size_t>(data.weights.at(r)), r);
  Data copies(static_cast<std::int64_t>(rows.size()), data.features.dtype());
  for (std::size_t k = 0; k < rows.size(); ++k) copies.copy_row(static_cast<std::int64_t>(k), data, rows[k]);
  return copies;
}

struct Setting {
  nn::LossKind loss;
  bool classes = nn::required_output(loss) == nn::Activation::softmax;  // otherwise numbers from 0 to 1

  Network network(DType dtype = DType::f64) const {
    const nn::Activation output = nn::required_output(loss).value_or(nn::Activation::sigmoid);
    Network made({.layer = nn::sequential({nn::dense(8, {.activation = nn::Activation::tanh}),
                                           nn::dense(classes ? 3 : 1, {.name = "output"})}),
                  .input = {3},
                  .output = output,
                  .dtype = dtype});
    made.initialize(5);
    return made;
  }
  TrainOptions options() const {
    return {.step = {.loss = nn::loss(loss), .optimizer = sgd({.momentum = 0.9})},
            .epochs = 20,
            .batch_size = 0,
            .rate = 0.05,
            .seed = 3};
  }
};

std::vector<double> parameters(const Network& network) {
  const Tensor& block = network.parameters();
  std::vector<double> values;
  for (std::int64_t i = 0; i < block.elements(); ++i) values.push_back(block.at(i));
  return values;
}

std::vector<double> trained(const Setting& setting, const TrainOptions& options, const Examples& examples) {
  Network network = setting.network(examples.features->dtype());
  Trainer(network, options).fit(examples);
  return parameters(network);
}

class WeightedTraining : public testing::TestWithParam<nn::LossKind> {};

// All rows are in one batch, so that both make the same steps.
TEST_P(WeightedTraining, WholeWeightsAreRepeatedRows) {
  const Setting setting{GetParam()};
  const Data data = make_data(60, 1);
  const Data copies = repeated(data);
  TrainOptions options = setting.options();
  const std::vector<double> expected = trained(setting, options, copies.examples(setting.classes, false));
  // Weights with a mean of 1 give the sum of 60 rows.
  if (GetParam() == nn::LossKind::sse) options.rate *= static_cast<double>(copies.labels.elements()) / 60;
  const std::vector<double> actual = trained(setting, options, data.examples(setting.classes, true));
  // Each of 20 steps adds rounding errors of some 1e-16 to parameters of size 1.
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 1e-12) << i;
}

TEST_P(WeightedTraining, LossAndMetricsCountRowsByTheirWeight) {
  const Setting setting{GetParam()};
  const Data data = make_data(300, 2);  // more than the 256 rows that are evaluated at once
  const Data copies = repeated(data);
  const Network network = setting.network();
  const nn::Loss loss = nn::loss(GetParam());
  const Metrics actual = evaluate(network, loss, data.examples(setting.classes, true));
  const Metrics expected = evaluate(network, loss, copies.examples(setting.classes, false));
  const double factor = GetParam() == nn::LossKind::sse ? 300 / static_cast<double>(copies.labels.elements()) : 1;
  EXPECT_NEAR(actual.loss / (expected.loss * factor), 1, 1e-12);
  EXPECT_NEAR(actual.accuracy, expected.accuracy, 1e-12);
  EXPECT_NEAR(actual.log_loss, expected.log_loss, 1e-12);
  EXPECT_NEAR(actual.rmse, expected.rmse, 1e-12);
  EXPECT_NEAR(actual.mae, expected.mae, 1e-12);
  EXPECT_NEAR(actual.r2, expected.r2, 1e-12);
}

std::vector<nn::LossKind> all_losses() {
  std::vector<nn::LossKind> kinds;
  for (const nn::NameAndSummary& item : nn::losses()) kinds.push_back(nn::loss_from_name(item.name));
  return kinds;
}

INSTANTIATE_TEST_SUITE_P(All, WeightedTraining, testing::ValuesIn(all_losses()), [](const auto& tested) {
  std::string name(nn::name_of(tested.param));
  for (char& letter : name) letter = letter == '-' ? '_' : letter;
  return name;
});

// This must hold with small batches too, where a row without weight could share a batch with others.
TEST(WeightedRows, WeightZeroLeavesARowOut) {
  const Setting setting{nn::LossKind::cross_entropy};
  Data data = make_data(40, 1);
  Data kept(30);
  for (std::int64_t r = 0; r < 40; ++r) {
    data.weights.set(r, r < 30 ? 1.5 + static_cast<double>(r % 2) : 0);
    if (r < 30) {
      kept.copy_row(r, data, r);
      kept.weights.set(r, data.weights.at(r));
    } else {
      data.features.set(r * 3, 1e6);  // would change the result if it were used
    }
  }
  const auto expected = trained(setting, setting.options(), kept.examples(true, true));
  const auto actual = trained(setting, setting.options(), data.examples(true, true));
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 1e-12) << i;
}

TEST(WeightedRows, OnlyRatiosMatterAndEqualWeightsAreNone) {
  const Setting setting{nn::LossKind::cross_entropy};
  Data data = make_data(100, 1, DType::f32);
  TrainOptions options = setting.options();
  options.batch_size = 16;
  const auto once = trained(setting, options, data.examples(true, true));
  for (std::int64_t r = 0; r < 100; ++r) data.weights.set(r, data.weights.at(r) * 0x1p100);
  EXPECT_EQ(trained(setting, options, data.examples(true, true)), once);
  const auto none = trained(setting, options, data.examples(true, false));
  EXPECT_NE(none, once);
  for (std::int64_t r = 0; r < 100; ++r) data.weights.set(r, 0.3);
  EXPECT_EQ(trained(setting, options, data.examples(true, true)), none);
}

// The mean over batches of the gradient is that of all rows, however rows share batches. With a rate so small that the
// parameters hardly change, an epoch of small steps goes as far as the same number of steps with all rows.
TEST(WeightedRows, SmallBatchesAreUnbiased) {
  const Setting setting{nn::LossKind::cross_entropy};
  const Data data = make_data(96, 1);
  TrainOptions options = setting.options();
  options.step.optimizer = sgd();
  options.rate = 1e-7;
  options.epochs = 1;
  options.batch_size = 8;
  const auto start = parameters(setting.network());
  const auto small = trained(setting, options, data.examples(true, true));
  options.batch_size = 0;
  options.epochs = 12;
  const auto whole = trained(setting, options, data.examples(true, true));
  double moved = 0;
  for (std::size_t i = 0; i < start.size(); ++i) moved = std::max(moved, std::abs(whole[i] - start[i]));
  // Parameters change by 1e-7, so gradients change by about 1e-7 of their size.
  for (std::size_t i = 0; i < start.size(); ++i) EXPECT_NEAR(small[i], whole[i], 1e-6 * moved) << i;
}

TEST(WeightedRows, SameBitsAheadInPlaceAndWithThreads) {
  const Setting setting{nn::LossKind::cross_entropy};
  const Data data = make_data(103, 1, DType::f32);
  TrainOptions options = setting.options();
  options.batch_size = 10;
  options.gather_ahead = false;
  const auto expected = trained(setting, options, data.examples(true, true));
  options.gather_ahead = true;
  EXPECT_EQ(trained(setting, options, data.examples(true, true)), expected);
  options.step.session = {.threads = 3, .force_threads = true};
  EXPECT_EQ(trained(setting, options, data.examples(true, true)), expected);
  options.step.fuse = false;
  EXPECT_EQ(trained(setting, options, data.examples(true, true)), expected);
}

TEST(WeightedRows, ValidationWeightsChooseTheEpoch) {
  const Setting setting{nn::LossKind::cross_entropy};
  const Data train = make_data(60, 1), validation = make_data(50, 2);
  TrainOptions options = setting.options();
  Network network = setting.network();
  options.on_epoch = [&](const EpochReport& report) {
    EXPECT_EQ(report.validation->loss, evaluate(network, options.step.loss, validation.examples(true, true)).loss);
    return report.epoch < 3;
  };
  Trainer(network, options).fit(train.examples(true, true), validation.examples(true, true));
  // The reported training loss is the weighted one. With one batch it is that of the weights before the step.
  double before = evaluate(network, options.step.loss, train.examples(true, true)).loss;
  options.on_epoch = [&](const EpochReport& report) {
    if (report.epoch == 1) {
      EXPECT_NEAR(report.train_loss, before, 1e-14);
    }
    return true;
  };
  Trainer(network, options).fit(train.examples(true, true));
}

TEST(WeightedRows, RefusesWhatIsNoWeight) {
  const Setting setting{nn::LossKind::cross_entropy};
  const Data good = make_data(5, 1);
  Network network = setting.network();
  const auto refusal = [&](const Tensor& weights) {
    Examples examples = good.examples(true, false);
    examples.weights = &weights;
    return error_of([&] { Trainer(network, setting.options()).fit(examples); });
  };
  EXPECT_EQ(refusal(Tensor::from<double>({4}, {1, 2, 3, 4})),
            "train: the training weights are f64[4]; there must be one f64 for each of the 5 rows");
  EXPECT_EQ(refusal(Tensor::from<float>({5}, {1.F, 1.F, 1.F, 1.F, 1.F})),
            "train: the training weights are f32[5]; there must be one f64 for each of the 5 rows");
  EXPECT_EQ(refusal(Tensor::from<double>({5}, {1, 2, -3, 4, 5})),
            "train: the training rows have the weight -3 at row 2 (from 0); weights must be finite and at least 0");
  EXPECT_EQ(refusal(Tensor::from<double>({5}, {1, 2, 3, 4, std::nan("")})),
            "train: the training rows have the weight nan at row 4 (from 0); weights must be finite and at least 0");
  const Tensor zeros = Tensor::from<double>({5}, {0, 0, 0, 0, 0});
  EXPECT_EQ(refusal(zeros), "train: the training rows all have the weight 0; at least one must count");
  Examples validation = good.examples(true, false);
  validation.weights = &zeros;
  EXPECT_EQ(error_of([&] { Trainer(network, setting.options()).fit(good.examples(true, false), validation); }),
            "train: the validation rows all have the weight 0; at least one must count");
  EXPECT_EQ(error_of([&] { evaluate(network, setting.options().step.loss, validation); }),
            "evaluate: the rows all have the weight 0; at least one must count");
}

TEST(WeightedRows, RefusesALossThatIgnoresTheWeights) {
  const Setting setting{nn::LossKind::mse};
  const Data data = make_data(5, 1);
  Network network = setting.network();
  TrainOptions options = setting.options();
  options.step.loss = [](Graph& graph, const nn::Output& out, Value targets) {
    return ops::mean(graph, ops::abs(graph, ops::subtract(graph, out.prediction, targets)));
  };
  const std::string line =
      "loss: it does not look at the weights of the rows; multiply what each row loses by out.weights, or leave the "
      "weights out";
  EXPECT_EQ(error_of([&] { Trainer(network, options).fit(data.examples(false, true)); }), line);
  EXPECT_EQ(error_of([&] { evaluate(network, options.step.loss, data.examples(false, true)); }), line);
  EXPECT_EQ(error_of([&] { Trainer(network, options).fit(data.examples(false, false)); }), "");
}

TEST(WeightedRows, AStepSaysWhetherItTakesWeights) {
  const Setting setting{nn::LossKind::mse};
  const Data data = make_data(5, 1);
  Network network = setting.network();
  StepOptions options = setting.options().step;
  TrainingStep plain(network, 5, data.numbers.type(), options);
  options.weighted = true;
  TrainingStep weighted(network, 5, data.numbers.type(), options);
  const auto run = [&](TrainingStep& step, const TensorView& weights) {
    return error_of([&] { step.run(data.features, data.numbers, 1, 0.1, 0, 0, weights); });
  };
  EXPECT_EQ(run(plain, {}), "");
  EXPECT_EQ(run(weighted, data.weights), "");
  EXPECT_EQ(run(weighted, {}), "training step: it is weighted and run() got no weights; pass one for each row");
  EXPECT_EQ(run(plain, data.weights),
            "training step: run() got weights and the step has none; set StepOptions::weighted");
}

TEST(WeightedRows, ABrokenLossIsExplained) {
  const Setting setting{nn::LossKind::cross_entropy};
  Data data = make_data(12, 1);
  data.features.set(4, std::numeric_limits<double>::quiet_NaN());
  Network network = setting.network();
  const TrainResult result = Trainer(network, setting.options()).fit(data.examples(true, true));
  EXPECT_EQ(result.stopped, StopReason::not_finite);
  EXPECT_EQ(
      result.explanation,
      "the loss became nan at step 1: input became nan first, at element 4 of f64[12, 3], computing \"features\"");
}

// --- metrics against scikit-learn's sample_weight ---

Tensor column(const nlohmann::json& values, Shape shape) {
  Tensor tensor(TensorType{DType::f64, std::move(shape), {}});
  for (std::size_t i = 0; i < values.size(); ++i) tensor.set(static_cast<std::int64_t>(i), values[i].get<double>());
  return tensor;
}

Tensor labels_of(const nlohmann::json& values, std::int64_t classes) {
  Tensor tensor(TensorType{DType::i32, {static_cast<std::int64_t>(values.size())}, IntegerRange{0, classes}});
  for (std::size_t i = 0; i < values.size(); ++i) tensor.set(static_cast<std::int64_t>(i), values[i].get<double>());
  return tensor;
}

TEST(WeightedMetrics, AreScikitLearns) {
  const nlohmann::json golden = read_golden("weighted.json")["metrics"];
  const Tensor weights = column(golden["weights"], {40});
  const nlohmann::json& classes = golden["classes"];
  Tensor scores(TensorType{DType::f64, {40, 3}, {}});
  for (std::int64_t i = 0; i < 120; ++i)
    scores.set(i, classes["scores"][static_cast<std::size_t>(i / 3)][static_cast<std::size_t>(i % 3)].get<double>());
  const Metrics three = classification_metrics(scores, labels_of(classes["labels"], 3), &weights);
  EXPECT_NEAR(three.accuracy, classes["accuracy"].get<double>(), 1e-14);
  EXPECT_NEAR(three.log_loss, classes["log_loss"].get<double>(), 1e-13);
  std::int64_t counted = 0;
  for (const auto& row : three.confusion) {
    for (const std::int64_t count : row) counted += count;
  }
  EXPECT_EQ(counted, 40) << "the confusion matrix counts rows";

  const nlohmann::json& binary = golden["binary"];
  const Metrics two =
      classification_metrics(column(binary["scores"], {40, 1}), labels_of(binary["labels"], 2), &weights);
  EXPECT_NEAR(two.accuracy, binary["accuracy"].get<double>(), 1e-14);
  EXPECT_NEAR(two.auc.value(), binary["auc"].get<double>(), 1e-14);

  const nlohmann::json& regression = golden["regression"];
  const Metrics numbers = regression_metrics(column(regression["predictions"], {40, 1}),
                                             column(regression["targets"], {40, 1}), {}, &weights);
  EXPECT_NEAR(numbers.rmse, regression["rmse"].get<double>(), 1e-13);
  EXPECT_NEAR(numbers.mae, regression["mae"].get<double>(), 1e-13);
  EXPECT_NEAR(numbers.r2, regression["r2"].get<double>(), 1e-13);
}

TEST(WeightedMetrics, WithoutAClassOfAnyWeightThereIsNoArea) {
  const Tensor scores = Tensor::from<double>({3, 1}, {0.1, 0.9, 0.4});
  const Tensor weights = Tensor::from<double>({3}, {1, 0, 1});
  EXPECT_FALSE(classification_metrics(scores, labels_of({0, 1, 0}, 2), &weights).auc);
  const Tensor short_weights = Tensor::from<double>({2}, {1, 1});
  EXPECT_EQ(error_of([&] {
              classification_metrics(scores, labels_of({0, 1, 0}, 2), &short_weights);
            }),
            "metrics: weights f64[2] for 3 rows; there must be one number for each");
}

}  // namespace
}  // namespace hillock

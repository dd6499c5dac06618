// Several targets in a table job: trained like a network made by hand, scored each and together, saved and loaded.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/error_testing.h"
#include "hillock/compare.h"
#include "hillock/optim.h"
#include "hillock/table.h"

namespace hillock {
namespace {

using Names = std::vector<std::string>;

// The targets are the sum of two numbers and a hundred times their product.
Dataset sums_and_products(std::int64_t rows) {
  std::vector<float> cells, targets;
  for (std::int64_t i = 0; i < rows; ++i) {
    const double a = std::sin(static_cast<double>(i) * 1.7), b = std::cos(static_cast<double>(i) * 0.9);
    cells.insert(cells.end(), {static_cast<float>(a), static_cast<float>(b)});
    targets.insert(targets.end(), {static_cast<float>(a + b), static_cast<float>(100 * a * b)});
  }
  Dataset data;
  data.task = Task::regression;
  data.features = Tensor::from(Shape{rows, 2}, cells);
  data.targets = Tensor::from(Shape{rows, 2}, targets);
  data.target_names = {"sum", "product"};
  return data;
}

const TableOptions kShort{.net = "dense 6 tanh",
                          .optimizer = "sgd",
                          .lr = 0.1,
                          .schedule = "constant",
                          .batch = 8,
                          .epochs = 5,
                          .seed = 3,
                          .threads = 1};

Tensor standardized(const Tensor& values) {
  const Scaler scaler = Scaler::fit(Scale::standard, values);
  Tensor result = values;
  for (std::int64_t i = 0; i < values.elements(); ++i) {
    const auto k = static_cast<std::size_t>(i % values.shape()[1]);
    result.set(i, (values.at(i) - scaler.offset[k]) * scaler.factor[k]);
  }
  return result;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.type() == b.type() && std::memcmp(a.raw(), b.raw(), a.bytes()) == 0;
}

TEST(TrainSeveralTargets, TrainAsANetworkMadeByHandToTheBit) {
  const Dataset data = sums_and_products(40);
  const TableResult result = train_table(data, kShort);
  Network network(
      {.layer = nn::sequential({nn::dense(6, {.activation = nn::Activation::tanh}), nn::dense(2, {.name = "output"})}),
       .input = {2}});
  network.initialize(3);
  const Tensor features = standardized(data.features), targets = standardized(data.targets);
  Trainer trainer(network, {.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = sgd()},
                            .epochs = 5,
                            .batch_size = 8,
                            .rate = 0.1,
                            .seed = 3});
  const TrainResult by_hand = trainer.fit({&features, &targets});
  EXPECT_TRUE(same_bits(result.model.network.parameters(), network.parameters()));
  EXPECT_EQ(result.training.train_loss, by_hand.train_loss);
}

TEST(TrainSeveralTargets, AreJudgedEachAndTogether) {
  const TableResult result = train_table(sums_and_products(200), kShort);
  EXPECT_EQ(result.model.target, "sum,product");
  EXPECT_EQ(result.model.all_targets(), (Names{"sum", "product"}));
  ASSERT_TRUE(result.scores.test && result.baselines && result.baselines->linear);
  const Metrics& test = *result.scores.test;
  ASSERT_EQ(test.targets.size(), 2u);
  EXPECT_DOUBLE_EQ(test.r2, (test.targets[0].r2 + test.targets[1].r2) / 2);
  // The constant is the mean of each target, so that its R² on the training rows is 0 for both.
  for (const TargetMetrics& target : result.baselines->constant.train->targets) EXPECT_NEAR(target.r2, 0, 1e-6);
  // The sum is linear in the columns; the product is not.
  const std::vector<TargetMetrics>& linear = result.baselines->linear->test->targets;
  EXPECT_GT(linear[0].r2, 0.9);
  EXPECT_LT(linear[1].r2, 0.5);
  ASSERT_TRUE(result.baselines->comparison);
  EXPECT_EQ(result.baselines->comparison->metric, "r2");
  EXPECT_DOUBLE_EQ(result.baselines->comparison->ours, test.r2);
  // Each target is scaled by itself but scored in its own units.
  EXPECT_GT(test.targets[1].rmse, 10 * test.targets[0].rmse);
  ASSERT_EQ(result.columns.size(), 4u);
  EXPECT_EQ(result.columns[3].name, "product");
  EXPECT_EQ(result.columns[3].role, ColumnRole::target);
  EXPECT_EQ(result.columns[3].factor, result.model.targets.factor[1]);
  const auto record = nlohmann::json::parse(result.model.training);
  EXPECT_EQ(record["test"]["r2"].get<double>(), test.r2);
  EXPECT_EQ(record["test"]["targets"]["product"]["rmse"].get<double>(), test.targets[1].rmse);
  EXPECT_EQ(record["test"]["targets"]["sum"]["error_quantiles"].size(), 3u);
  EXPECT_FALSE(record["test"].contains("error_quantiles"));
  EXPECT_TRUE(record["baseline"]["linear"]["test"]["targets"].contains("sum"));
}

TEST(TrainSeveralTargets, AreSavedAndPredictTheSameBits) {
  const Dataset data = sums_and_products(40);
  const Model model = train_table(data, kShort).model;
  const std::vector<std::byte> bytes = model_bytes(model);
  const Model loaded = parse_model(bytes, "the model");
  EXPECT_EQ(loaded.target, "sum,product");
  EXPECT_EQ(loaded.target_names, model.target_names);
  EXPECT_EQ(loaded.read_options().expected_targets, model.target_names);
  const auto metadata = nlohmann::json::parse(model_metadata(loaded));
  EXPECT_EQ(metadata["format"], 5);
  EXPECT_EQ(metadata["targets"], nlohmann::json({"sum", "product"}));
  const Tensor predictions = model.predict(data.features);
  EXPECT_EQ(predictions.shape(), (Shape{40, 2}));
  EXPECT_TRUE(same_bits(loaded.predict(data.features), predictions));
  std::vector<float> alone(2);
  ModelPredictor(loaded).predict(data.features.values<float>().first(2), alone);
  EXPECT_EQ(alone[1], predictions.values<float>()[1]);
  Dataset named = data;
  named.columns = model.columns;
  const Metrics metrics = evaluate(loaded, named);
  EXPECT_EQ(metrics.r2, evaluate(model, named).r2);
  EXPECT_EQ(metrics.targets.size(), 2u);
  std::swap(named.target_names[0], named.target_names[1]);
  EXPECT_EQ(error_of([&] { (void)evaluate(loaded, named); }),
            "evaluate: the data have the targets product, sum and the model sum, product; read them with "
            "Model::read_options()");
  EXPECT_EQ(convert(model, DType::f64).target_names, model.target_names);
}

TEST(TrainSeveralTargets, OfAModelAreCheckedWhenItIsLoaded) {
  const Model model = train_table(sums_and_products(40), kShort).model;
  const auto loading = [&](const std::string& from, const std::string& to) {
    SafetensorsFile file = file_of(model, "m");
    std::string& text = file.metadata.at("hillock");
    EXPECT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
    return error_of([&] { (void)model_from(file, "m"); });
  };
  const std::string targets = R"("targets":["sum","product"])", end = "; give a file that hillock train wrote";
  EXPECT_EQ(loading(targets, R"("targets":["sum"])"),
            "m: its metadata is damaged: \"targets\" names one target, which \"target\" does" + end);
  EXPECT_EQ(loading(targets, R"("targets":["sum","sum"])"),
            "m: its metadata is damaged: two targets have one name" + end);
  EXPECT_EQ(loading(targets, R"("targets":["a","b","c"])"),
            "m: its metadata is damaged: 2 outputs for 3 targets" + end);
  EXPECT_EQ(loading(targets, R"("other":0)"), "m: its metadata is damaged: 2 outputs for one target" + end);
  EXPECT_EQ(loading(targets, targets), "");
}

TEST(TrainSeveralTargets, HaveNamesWhereNoneAreGiven) {
  Dataset data = sums_and_products(40);
  data.target_names.clear();
  EXPECT_EQ(train_table(data, kShort).model.target_names, (Names{"target1", "target2"}));
}

TEST(TrainSeveralTargets, ContradictionsAreRefused) {
  const auto refusal = [](void (*change)(Dataset&)) {
    Dataset data = sums_and_products(40);
    change(data);
    return error_of([&] { (void)train_table(data, kShort); });
  };
  const std::string where = "train_table: the training rows: ", see = "; see Dataset in hillock/data.h";
  EXPECT_EQ(refusal([](Dataset& data) { data.target_names.pop_back(); }),
            where + "the targets are not i32 [rows] for classes, or the features' type [rows, 1] for numbers" + see);
  EXPECT_EQ(refusal([](Dataset& data) {
              data.target_names = {"a", "b", "c"};
            }),
            where +
                "the targets are not i32 [rows] for classes, or the features' type [rows, 3] for as many named "
                "numbers" +
                see);
  EXPECT_EQ(refusal([](Dataset& data) {
              data.target_names = {"a", "a"};
            }),
            where + "two targets have one name (a, a)" + see);
  EXPECT_EQ(refusal([](Dataset& data) { data.targets.set(7, INFINITY); }),
            where + "the target \"product\" of row 4 is inf, which is no number" + see);
  const Model model = train_table(sums_and_products(40), kShort).model;
  TableOptions again = kShort;
  again.init_model = std::make_shared<const Model>(parse_model(model_bytes(model), "m"));
  Dataset turned = sums_and_products(40);
  turned.target_names = {"product", "sum"};
  EXPECT_EQ(error_of([&] { (void)train_table(turned, again); }),
            "train: the model of --init has the targets in the order sum, product; give --target \"sum,product\"");
  turned.target_names = {"plus", "times"};
  const TableResult renamed = train_table(turned, again);
  ASSERT_FALSE(renamed.notes.empty());
  EXPECT_EQ(renamed.notes.back(),
            "the model of --init has the targets sum, product; its outputs stand for plus, times now, in this order");
  EXPECT_EQ(error_of([&] {
              TableOptions classes = kShort;
              classes.loss = "cross-entropy";
              (void)train_table(sums_and_products(40), classes);
            }),
            "train: --loss cross-entropy is for classes and the target is a number; give mse, sse, mae, huber or "
            "quantile, or --task classification");
}

// One column reveals the second target.
TEST(TrainSeveralTargets, LeaksAreSoughtForEach) {
  Dataset data = sums_and_products(60);
  for (std::int64_t row = 0; row < 60; ++row) data.features.set(2 * row, data.targets.at(2 * row + 1) / 7);
  data.columns = {"odd", "b"};
  data.sample_shape = {2};
  const std::vector<Leak> leaks = find_leaks(data);
  ASSERT_EQ(leaks.size(), 1u);
  EXPECT_EQ(leaks[0].first, 0u);
  EXPECT_EQ(leaks[0].target, 1u);
  for (const Warning& warning : audit_table({.train = data})) {
    EXPECT_EQ(warning.kind, "leakage");
    EXPECT_NE(warning.message.find("column \"odd\" alone predicts \"product\""), std::string::npos) << warning.message;
  }
}

TEST(TrainSeveralTargets, EveryLossOfNumbersLearnsThem) {
  for (const char* loss : {"mse", "sse", "mae", "huber 0.5", "quantile 0.9"}) {
    TableOptions options = kShort;
    options.loss = loss;
    options.optimizer = "adam";
    options.lr = 0.01;
    options.epochs = 20;
    const TableResult result = train_table(sums_and_products(120), options);
    EXPECT_LT(result.scores.test->loss, result.baselines->constant.test->loss) << loss;
  }
}

TEST(TrainSeveralTargets, AreComparedByTheMeanOfR2) {
  const ComparedTable compared =
      compare_configurations(TableSplits{.train = sums_and_products(80)}, {{"", kShort}}, {.seeds = 2, .threads = 1});
  const ComparedConfiguration& only = compared.configurations[0];
  EXPECT_EQ(only.score, "r2");
  ASSERT_EQ(only.runs.size(), 2u);
  EXPECT_EQ(main_score(only.runs[0].score, only.task), only.runs[0].score.r2);
  EXPECT_EQ(only.runs[0].score.r2, train_table(sums_and_products(80), kShort).scores.test->r2) << "the same run";
}

}  // namespace
}  // namespace hillock

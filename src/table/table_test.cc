// The table job from C++: from a file, from rows in memory, in steps; what it refuses, and that repeated runs give the
// same bits.
#include "hillock/table.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/error_testing.h"
#include "hillock/error.h"

namespace hillock {
namespace {

const TableOptions kShort{.net = "6", .epochs = 4, .threads = 1};

TableOptions with(TableOptions options, void (*change)(TableOptions&)) {
  change(options);
  return options;
}

// Rows of two numbers and a category; y is computed from them.
Dataset numbers(std::int64_t rows, DType dtype = DType::f32) {
  std::vector<double> cells, targets;
  for (std::int64_t i = 0; i < rows; ++i) {
    const double a = std::sin(static_cast<double>(i) * 1.7), b = std::cos(static_cast<double>(i) * 0.9);
    cells.insert(cells.end(), {a, b, static_cast<double>(i % 3)});
    targets.push_back(a * b + static_cast<double>(i % 3));
  }
  const auto tensor = [&](const Shape& shape, const std::vector<double>& values) {
    if (dtype == DType::f64) return Tensor::from<double>(shape, values);
    return Tensor::from<float>(shape, std::vector<float>(values.begin(), values.end()));
  };
  Dataset data;
  data.task = Task::regression;
  data.features = tensor(Shape{rows, 3}, cells);
  data.targets = tensor(Shape{rows, 1}, targets);
  data.categories = {{}, {}, {"blue", "green", "red"}};
  return data;
}

bool same_parameters(const Model& a, const Model& b) {
  const Tensor &x = a.network.parameters(), &y = b.network.parameters();
  if (x.type() != y.type()) return false;
  for (std::int64_t i = 0; i < x.shape().elements(); ++i) {
    if (x.at(i) != y.at(i)) return false;
  }
  return true;
}

TEST(TrainTable, GivesTheModelWithItsScoresAndBaselines) {
  const TableResult result = train_table("iris", kShort);
  EXPECT_EQ(result.model.classes.size(), 3u);
  ASSERT_TRUE(result.scores.train && result.scores.validation && result.scores.test);
  EXPECT_EQ(result.scores.train->rows + result.scores.validation->rows + result.scores.test->rows, 150);
  EXPECT_STREQ(result.scores.best_name(), "test");
  ASSERT_TRUE(result.baselines);
  EXPECT_TRUE(result.baselines->linear && result.baselines->comparison);
  EXPECT_EQ(result.choices.optimizer, "adam");
  EXPECT_EQ(result.training.epochs, 4);
  EXPECT_NE(result.model.training.find("\"dataset\":\"iris\""), std::string::npos) << result.model.training;
  EXPECT_FALSE(result.small_table);
}

TEST(TrainTable, IsTheSameToTheBitFromFileRowsAndSplitsWithAnyThreads) {
  const TableResult from_name = train_table("wdbc", kShort);
  EXPECT_TRUE(same_parameters(
      from_name.model, train_table("wdbc", with(kShort, [](TableOptions& options) { options.threads = 2; })).model));
  const Dataset rows = load_data("wdbc").train;
  EXPECT_TRUE(same_parameters(from_name.model, train_table(rows, kShort).model));
  const Split split = split_rows(rows, 0.15, 0.15, 0);
  const TableResult from_splits = train_table(TableSplits{.train = take_rows(rows, split.train),
                                                          .validation = take_rows(rows, split.validation),
                                                          .test = take_rows(rows, split.test)},
                                              kShort);
  EXPECT_TRUE(same_parameters(from_name.model, from_splits.model));
  EXPECT_EQ(from_name.scores.test->accuracy, from_splits.scores.test->accuracy);
}

TEST(TrainTable, NamesWhatIsNameless) {
  const TableResult result = train_table(numbers(80), kShort);
  EXPECT_EQ(result.model.columns, (std::vector<std::string>{"c1", "c2", "c3"}));
  EXPECT_EQ(result.model.target, "target");
  EXPECT_EQ(result.model.encoding.columns[2].categories.size(), 3u);
  Dataset classes = load_builtin("iris");
  classes.classes.clear();
  EXPECT_EQ(train_table(classes, kShort).model.classes, (std::vector<std::string>{"0", "1", "2"}));
}

// f64 rows become f32 for an f32 network, as they would from a file, unless f32 cannot tell them apart.
TEST(TrainTable, TakesRowsOfEitherFloatType) {
  EXPECT_FALSE(train_table(numbers(80, DType::f64), kShort).model.rows_in_f64);
  const TableOptions exact = with(kShort, [](TableOptions& options) { options.dtype = DType::f64; });
  EXPECT_TRUE(same_parameters(train_table(numbers(80, DType::f64), exact).model,
                              train_table(numbers(80, DType::f64), exact).model));
  EXPECT_EQ(train_table(numbers(80), exact).model.network.options().dtype, DType::f64);
  Dataset times = numbers(80, DType::f64);
  for (std::int64_t row = 0; row < 80; ++row) times.features.set(3 * row, times.features.at(3 * row) + 1.7e9);
  const TableResult result = train_table(std::move(times), kShort);
  EXPECT_TRUE(result.model.rows_in_f64);
  ASSERT_FALSE(result.notes.empty());
  EXPECT_NE(result.notes[0].find("too large and close together"), std::string::npos) << result.notes[0];
}

TEST(TrainTable, CrossValidatesWhereFoldsAreAskedFor) {
  const TableResult result = train_table("iris", with(kShort, [](TableOptions& options) { options.folds = 3; }));
  ASSERT_TRUE(result.folds);
  ASSERT_EQ(result.folds->network.size(), 3u);
  EXPECT_TRUE(result.folds->has_linear());
  std::int64_t rows = 0;
  for (const Metrics& fold : result.folds->network) rows += fold.rows;
  EXPECT_EQ(rows, 150);
  const std::vector<FoldFigure> figures = fold_figures(result.folds->network, Task::classification);
  ASSERT_EQ(figures.size(), 2u);  // with three classes there is no auc
  EXPECT_EQ(figures[0].name, "accuracy");
  EXPECT_DOUBLE_EQ(figures[0].mean, (figures[0].values[0] + figures[0].values[1] + figures[0].values[2]) / 3);
}

TEST(TrainTable, TellsItsListenerAndStopsAtAnInterruption) {
  std::atomic<bool> interrupt{false};
  std::vector<std::string> told;
  const TrainingListener listener{
      .on_begin = [&](const Network&, std::int64_t restart) { told.push_back("begin " + std::to_string(restart)); },
      .on_epoch = [&](const EpochReport& report) { told.push_back("epoch " + std::to_string(report.epoch)); },
      .on_end = [&](const TrainResult&, bool best) { told.push_back(best ? "best" : "worse"); },
      .on_finish = [&](const Network&, const TrainResult&) { told.emplace_back("finish"); },
      .interrupt = &interrupt};
  const TableOptions options = with(kShort, [](TableOptions& changed) {
    changed.epochs = 2;
    changed.restarts = 1;
    changed.target_loss = 0;
  });
  EXPECT_EQ(train_table("xor", options, listener).restarts, 1);
  ASSERT_EQ(told.size(), 9u);
  EXPECT_EQ(told[0], "begin 0");
  EXPECT_EQ(told[2], "epoch 2");
  EXPECT_EQ(told[3], "best");
  EXPECT_EQ(told[4], "begin 1");
  EXPECT_EQ(told[8], "finish");
  interrupt = true;
  const TableResult interrupted = train_table("iris", kShort, listener);
  EXPECT_EQ(interrupted.training.stopped, StopReason::interrupted);
  EXPECT_FALSE(interrupted.baselines);
}

// At that time the network is trained and the linear model is not.
TEST(TrainTable, TellsOfAnInterruptionWhileTheLinearModelTrains) {
  std::atomic<bool> interrupt{false};
  const auto on_stage = [&](TableStage stage) { interrupt = stage == TableStage::baselines; };
  const TableResult result = train_table("iris", kShort, {.on_stage = on_stage, .interrupt = &interrupt});
  EXPECT_EQ(result.training.stopped, StopReason::epochs);
  ASSERT_TRUE(result.baselines);
  EXPECT_TRUE(result.baselines->interrupted);
  EXPECT_FALSE(result.baselines->linear);
  EXPECT_NE(result.model.training.find("\"linear\":null,\"interrupted\":true"), std::string::npos);
  EXPECT_FALSE(train_table("iris", kShort).baselines->interrupted);
}

// Images have no encoding of columns.
TEST(TrainTable, PredictsFewImages) {
  Dataset images;
  images.name = "images";
  images.features = Tensor::from<float>({4, 4}, {0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0});
  images.targets = Tensor(TensorType{DType::i32, {4}, IntegerRange{0, 2}});
  images.targets.set(1, 1);
  images.targets.set(3, 1);
  images.columns = {"c1", "c2", "c3", "c4"};
  images.target = "label";
  images.classes = {"0", "1"};
  images.sample_shape = {2, 2};
  const TableResult result = train_table(TableSplits{.train = images}, kShort);
  ASSERT_TRUE(result.small_table_predictions.has_value());
  EXPECT_EQ(result.small_table_predictions->shape()[0], 4);
}

TEST(TrainTable, PredictsFewRows) {
  const TableResult result = train_table("xor");
  ASSERT_TRUE(result.small_table && result.small_table_predictions);
  EXPECT_EQ(result.small_table->rows(), 4);
  EXPECT_GT(result.small_table_predictions->at(1), 0.5);
  EXPECT_LT(result.small_table_predictions->at(3), 0.5);
}

TEST(TrainTable, ReturnsWhatCameOfALossThatIsNotFinite) {
  const TableResult result = train_table("iris", with(kShort, [](TableOptions& options) {
                                           options.lr = 1e30;
                                           options.optimizer = "sgd";
                                         }));
  EXPECT_EQ(result.training.stopped, StopReason::not_finite);
  EXPECT_FALSE(result.training.explanation.empty());
  EXPECT_FALSE(result.baselines);
}

TEST(TableJob, TellsWhatWasChosenBeforeItTrains) {
  TableJob job("wine", kShort);
  EXPECT_EQ(job.model().columns.size(), 13u);
  EXPECT_EQ(job.training().epochs, 4);
  EXPECT_EQ(job.choices().optimizer, "adam");
  EXPECT_EQ(job.splits().train.features.shape()[1], 13);
  EXPECT_FALSE(job.cross_validate());
  EXPECT_TRUE(same_parameters(job.train().model, train_table("wine", kShort).model));
}

TEST(TableJob, WarnsOfWhatGivesTheTargetAway) {
  Dataset data = numbers(80);
  for (std::int64_t row = 0; row < 80; ++row) data.features.set(3 * row, data.targets.at(row));
  const TableJob job(std::move(data), kShort);
  ASSERT_EQ(job.warnings().size(), 1u);
  EXPECT_EQ(job.warnings()[0].kind, "leakage");
}

TEST(TrainTable, RefusesNumbersOutsideTheirRange) {
  const auto message = [](void (*change)(TableOptions&)) {
    return error_of([&] { (void)train_table("xor", with({}, change)); });
  };
  EXPECT_EQ(message([](TableOptions& options) { options.lr = -1; }), "train_table: lr is -1; give a number above 0");
  EXPECT_EQ(message([](TableOptions& options) { options.epochs = 0; }),
            "train_table: epochs is 0; give a whole number of at least 1");
  EXPECT_EQ(message([](TableOptions& options) { options.momentum = 1; }),
            "train_table: momentum is 1; give a number from 0 to below 1");
  EXPECT_EQ(message([](TableOptions& options) { options.weight_decay = std::numeric_limits<double>::quiet_NaN(); }),
            "train_table: weight_decay is nan; give a number of at least 0");
  EXPECT_EQ(message([](TableOptions& options) { options.folds = 1; }),
            "train_table: folds is 1; give a whole number of at least 2");
  EXPECT_EQ(message([](TableOptions& options) { options.dtype = DType::i32; }),
            "train_table: dtype is neither f32 nor f64; give one of them");
  EXPECT_EQ(message([](TableOptions& options) {
              options.lr = 1;
              options.auto_lr = true;
            }),
            "train_table: auto_lr finds the rate that lr gives; leave one out");
  EXPECT_EQ(message([](TableOptions& options) { options.validation = 1.5; }),
            "train: --validation 1.5 is not a fraction from 0 to below 1; give one, or a file");
}

TEST(TrainTable, TrainsAJobOnce) {
  TableJob job(numbers(60), kShort);
  (void)job.train();
  EXPECT_EQ(error_of([&] { (void)job.train(); }), "train_table: this job has been trained already; make another");
}

TEST(TrainTable, RefusesRowsThatContradictThemselves) {
  const auto message = [](void (*change)(Dataset&)) {
    Dataset data = numbers(60);
    change(data);
    return error_of([&] { (void)train_table(std::move(data), kShort); });
  };
  const std::string see = "; see Dataset in hillock/data.h";
  EXPECT_EQ(message([](Dataset& data) { data.features = Tensor(); }),
            "train_table: the training rows: the features are not f32 or f64 [rows, columns]" + see);
  EXPECT_EQ(message([](Dataset& data) { data.columns = {"a"}; }),
            "train_table: the training rows: 1 names stand for 3 columns" + see);
  EXPECT_EQ(message([](Dataset& data) { data.targets = Tensor(); }),
            "train_table: the training rows: the targets are not i32 [rows] for classes, or the features' type [rows, "
            "1] for numbers" +
                see);
  EXPECT_EQ(message([](Dataset& data) { data.features.set(4, INFINITY); }),
            "train_table: the training rows: column \"c2\" has inf in row 2, which is no number" + see);
  EXPECT_EQ(message([](Dataset& data) { data.features.set(5, 7); }),
            "train_table: the training rows: column \"c3\" has 7 in row 2, which is no category" + see);
  EXPECT_EQ(message([](Dataset& data) {
              data.times = {1, 2};
            }),
            "train_table: the training rows: there is not one group or time for each row" + see);
  EXPECT_EQ(
      message([](Dataset& data) {
        data.task = Task::classification;
        data.targets = Tensor(TensorType{DType::i32, {60}, {}});
      }),
      "train_table: the training rows: there is one among the classes; a classification needs two at least" + see);
  Dataset wide = numbers(60, DType::f64);
  wide.targets.set(3, 1e39);
  EXPECT_EQ(error_of([&] { (void)train_table(wide, kShort); }),
            "train_table: the training rows: the target of row 4 is inf, which is no number" + see);
  Dataset twins = numbers(60);
  twins.columns = {"a", "a", "b"};
  EXPECT_NE(error_of([&] { (void)TableJob(twins, kShort); }).find("the model cannot be saved"), std::string::npos)
      << "before training";
  const Dataset iris = load_builtin("iris");
  EXPECT_EQ(error_of([&] { (void)train_table(TableSplits{.train = numbers(60), .validation = iris}, kShort); }),
            "train_table: the validation rows: they have other columns, classes or another task than the training "
            "rows" +
                see);
  EXPECT_EQ(
      error_of([&] { (void)train_table(iris, with(kShort, [](TableOptions& options) { options.drop = {"1"}; })); }),
      "train_table: the rows are read already, so drop, numeric or categorical says nothing; leave it out");
}

TEST(AuditTable, RefusesRowsThatContradictThemselves) {
  Dataset iris = load_builtin("iris");
  EXPECT_TRUE(find_leaks(iris).empty());
  iris.targets.set(7, 5);
  EXPECT_EQ(error_of([&] { (void)audit_table({.train = iris}); }),
            "audit_table: the training rows: the target of row 8 is 5, which is no class; see Dataset in "
            "hillock/data.h");
}

}  // namespace
}  // namespace hillock

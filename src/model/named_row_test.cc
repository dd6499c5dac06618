// Rows given by column names get the same answers as a file with the same cells; and what is refused.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "data/data_testing.h"
#include "hillock/model.h"

namespace hillock {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Columns: age, town (one input each for Aa and Ulm), job (embedded), room (categories that are numbers).
Model model_of(Task task) {
  Encoding encoding;
  encoding.columns = {{.missing = true},
                      {.categories = {"Aa", "Ulm"}, .missing = true},
                      {.categories = {"clerk", "cook", "smith"}, .embedding = 2},
                      {.categories = {"12", "7"}}};
  encoding.fill = {40, 0, 0, 0};
  const std::int64_t outputs = task == Task::regression ? 1 : 3;
  const NetworkSpec spec =
      NetworkSpec::parse(task == Task::regression ? "dense 4 tanh" : "dense 4 tanh, output softmax");
  Model model{.network = make_network(spec, encoding.inputs(4), outputs, DType::f32, encoding.embeddings()),
              .spec = spec,
              .task = task,
              .target = "t",
              .columns = {"age", "town", "job", "room"},
              .classes = {},
              .sample_shape = Shape{4},
              .features = {Scale::standard, {40, 0, 0, 0}, {0.1, 1, 1, 1}},
              .encoding = encoding,
              .targets = {}};
  if (task == Task::regression) model.targets = {Scale::standard, {1000}, {0.01}};
  if (task == Task::classification) model.classes = {"low", "middle", "high"};
  model.network.initialize(5);
  return model;
}

double predicted(const Model& model, std::initializer_list<float> row, std::int64_t output = 0) {
  return model.predict(Tensor::from<float>(Shape{1, 4}, std::vector<float>(row))).at(output);
}

TEST(NamedRow, IsTheRowThatAFileWouldHold) {
  const Model model = model_of(Task::regression);
  ModelPredictor predictor(model);
  const auto missing = static_cast<float>(kNaN);
  EXPECT_EQ(predictor.predict({{"age", 41}, {"town", "Ulm"}, {"job", "cook"}, {"room", "7"}}).value,
            predicted(model, {41, 1, 1, 1}));
  EXPECT_EQ(predictor.predict({{"room", 7}, {"town", std::string("Ulm")}, {"job", "cook"}, {"age", 41.0}}).value,
            predicted(model, {41, 1, 1, 1}))
      << "in another order, a category's number as one";
  EXPECT_EQ(predictor.predict({{"age", 41}, {"town", "Ulm"}}).value, predicted(model, {41, 1, missing, missing}));
  EXPECT_EQ(predictor.predict({}).value, predicted(model, {missing, missing, missing, missing}));
  EXPECT_EQ(predictor.predict({{"age", ""}, {"town", "NA"}, {"job", "?"}}).value,
            predicted(model, {missing, missing, missing, missing}))
      << "cells that are missing in a file";
  EXPECT_EQ(predictor.predict({{"age", kNaN}, {"town", "Bonn"}, {"job", "tailor"}, {"room", 13}}).value,
            predicted(model, {missing, 2, 3, 2}))
      << "categories that are not known";
  const std::array<NamedCell, 1> cells{NamedCell{"age", 30}};
  EXPECT_EQ(predictor.predict(cells).value, predicted(model, {30, missing, missing, missing}));
}

TEST(NamedRow, GivesAClassAndTheProbabilityOfEach) {
  const Model model = model_of(Task::classification);
  const Prediction prediction = ModelPredictor(model).predict({{"age", 90}, {"town", "Aa"}});
  const auto missing = static_cast<float>(kNaN);
  ASSERT_EQ(prediction.probabilities.size(), 3u);
  std::size_t winner = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(prediction.probabilities[k], predicted(model, {90, 0, missing, missing}, static_cast<std::int64_t>(k)));
    if (prediction.probabilities[k] > prediction.probabilities[winner]) winner = k;
  }
  EXPECT_EQ(prediction.label, model.classes[winner]);
  EXPECT_EQ(prediction.value, prediction.probabilities[winner]);
}

TEST(NamedRow, TakesOtherCellsAsMissingWhereTheModelDoes) {
  Model model = model_of(Task::regression);
  model.missing_tokens = std::vector<std::string>{"Unknown", "-999"};
  ModelPredictor predictor(model);
  const auto missing = static_cast<float>(kNaN);
  EXPECT_EQ(predictor.predict({{"age", -999}}).value, predicted(model, {missing, missing, missing, missing}))
      << "written as a number";
  EXPECT_EQ(predictor.predict({{"town", "UNKNOWN"}}).value, predicted(model, {missing, missing, missing, missing}));
  EXPECT_EQ(predictor.predict({{"town", "NA"}}).value, predicted(model, {missing, 2, missing, missing}));
}

TEST(NamedRow, RefusesWhatTheModelDoesNotHave) {
  const Model model = model_of(Task::regression);
  ModelPredictor predictor(model);
  const auto refused = [&](std::vector<NamedCell> row) { return error_of([&] { (void)predictor.predict(row); }); };
  EXPECT_EQ(refused({{"twon", "Ulm"}}), "predict: there is no column \"twon\"; did you mean \"town\"?");
  EXPECT_EQ(refused({{"pressure", 1}}), "predict: there is no column \"pressure\"; the model has age, town, job, room");
  EXPECT_EQ(refused({{"age", 1}, {"age", 2}}), "predict: column \"age\" is given twice; give it once");
  EXPECT_EQ(refused({{"age", "old"}}),
            "predict: column \"age\" holds numbers and was given the text \"old\"; give a number, or leave it out");
}

TEST(NamedRow, RefusesNumbersThatNoFileHolds) {
  const Model model = model_of(Task::regression);
  ModelPredictor predictor(model);
  for (const double number : {std::numeric_limits<double>::infinity(), 1e300}) {
    const std::string message = error_of([&] { (void)predictor.predict({{"age", number}}); });
    EXPECT_NE(message.find("predict: column \"age\" was given "), std::string::npos) << message;
    EXPECT_NE(message.find("not finite in f32; give a number in its range"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace hillock

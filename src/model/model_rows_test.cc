// Models whose rows are f64 although their network is f32.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>

#include "data/data_testing.h"
#include "hillock/model.h"
#include "hillock/safetensors.h"

namespace hillock {
namespace {

constexpr double kStart = 1.7e9;

// A column of times and another column; the target is a time too.
Model model_of_times() {
  const NetworkSpec spec = NetworkSpec::parse("dense 6 tanh, output identity");
  Network network = make_network(spec, 2, 1, DType::f32);
  network.initialize(11);
  return {.network = std::move(network),
          .spec = spec,
          .task = Task::regression,
          .target = "end",
          .columns = {"start", "x"},
          .classes = {},
          .sample_shape = Shape{2},
          .features = {Scale::standard, {kStart + 500.25, 3}, {1 / 300.0, 1 / 7.0}},
          .rows_in_f64 = true,
          .targets = {Scale::standard, {kStart + 900}, {1 / 400.0}},
          .loss = nn::LossKind::mse};
}

std::vector<double> some_rows(double start) {
  std::vector<double> rows;
  for (int i = 0; i < 20; ++i) rows.insert(rows.end(), {start + 53.5 * i, 0.1 * i});
  return rows;
}

// The same network with another offset of the scale, so that f32 suffices for its rows.
Model model_without_start() {
  Model model = model_of_times();
  model.features.offset[0] -= kStart;
  model.targets.offset[0] -= kStart;
  model.rows_in_f64 = false;
  return model;
}

TEST(ModelOfF64Rows, PredictsAsIfTimesBeganAtZero) {
  const Model model = model_of_times();
  const Tensor answers = model.predict(Tensor::from<double>(Shape{20, 2}, some_rows(kStart)));
  const Tensor expected = model_without_start().predict(Tensor::from<double>(Shape{20, 2}, some_rows(0)));
  ASSERT_EQ(answers.dtype(), DType::f64);
  ASSERT_EQ(expected.dtype(), DType::f32);
  // f32 represents numbers of up to 2000 within 2^-13, and f64 represents times within 2^-22.
  for (std::int64_t i = 0; i < 20; ++i) EXPECT_NEAR(answers.at(i) - kStart, expected.at(i), 2e-4) << i;
}

TEST(ModelOfF64Rows, PredictorGivesTheSameBits) {
  const Model model = model_of_times();
  const std::vector<double> rows = some_rows(kStart);
  const Tensor expected = model.predict(Tensor::from<double>(Shape{20, 2}, rows));
  for (const std::int64_t batch : {1, 7, 20}) {
    std::vector<double> out(20);
    ModelPredictor(model, batch).predict(rows, out);
    for (std::int64_t i = 0; i < 20; ++i) EXPECT_EQ(out[static_cast<std::size_t>(i)], expected.at(i)) << batch;
  }
  const std::vector<float> rounded(rows.begin(), rows.end());
  const Tensor of_rounded = model.predict(Tensor::from<float>(Shape{20, 2}, rounded));
  std::vector<float> out(20);
  ModelPredictor(model, 4).predict(rounded, out);
  for (std::int64_t i = 0; i < 20; ++i) {
    EXPECT_EQ(out[static_cast<std::size_t>(i)], static_cast<float>(of_rounded.at(i)));
  }
}

TEST(ModelOfF64Rows, IsOfFormat3AndComesBackAsItWas) {
  const TestDirectory directory;
  const Model model = model_of_times();
  const std::string path = directory.path() + "/m.safetensors";
  save_model(path, model);
  const auto about = nlohmann::json::parse(model_metadata(model));
  EXPECT_EQ(about["format"], 3);  // readers of formats up to 2 would round the rows
  EXPECT_EQ(about["preprocessing"]["rows"], "f64");
  const Model again = load_model(path);
  EXPECT_TRUE(again.rows_in_f64);
  EXPECT_EQ(again.read_options().dtype, DType::f64);
  const Tensor rows = Tensor::from<double>(Shape{20, 2}, some_rows(kStart));
  const Tensor expected = model.predict(rows), answers = again.predict(rows);
  for (std::int64_t i = 0; i < 20; ++i) EXPECT_EQ(answers.at(i), expected.at(i));
  EXPECT_TRUE(convert(convert(model, DType::f64), DType::f32).rows_in_f64);
  const auto ordinary = nlohmann::json::parse(model_metadata(model_without_start()));
  EXPECT_EQ(ordinary["format"], 1);
  EXPECT_FALSE(ordinary["preprocessing"].contains("rows"));
}

TEST(ModelOfF64Rows, OtherTypesOfRowsAreRefused) {
  const TestDirectory directory;
  const std::string path = directory.path() + "/m.safetensors";
  save_model(path, model_of_times());
  SafetensorsFile file = read_safetensors(path);
  auto about = nlohmann::json::parse(file.metadata.at("hillock"));
  for (const auto& [rows, says] : {std::pair("i64", "\"preprocessing.rows\" is i64"), std::pair("f16", "f16")}) {
    about["preprocessing"]["rows"] = rows;
    file.metadata["hillock"] = about.dump();
    const std::string message = error_of([&] { (void)model_from(file, "m"); });
    EXPECT_NE(message.find(says), std::string::npos) << message;
  }
}

// f64 targets are scaled before they are rounded, so that an error of 0.5 in a time shows.
TEST(ModelOfF64Rows, IsJudgedByTargetsThatAreNotRounded) {
  const Model model = model_of_times();
  Dataset data;
  data.columns = model.columns;
  data.task = Task::regression;
  data.features = Tensor::from<double>(Shape{20, 2}, some_rows(kStart));
  data.targets = model.predict(data.features);
  EXPECT_LT(evaluate(model, data).rmse, 1e-3);
  for (std::int64_t row = 0; row < 20; ++row) data.targets.set(row, data.targets.at(row) + 0.5);
  EXPECT_NEAR(evaluate(model, data).rmse, 0.5, 1e-3);
}

// A model that does not need f64 prints as many digits as f32 has.
TEST(ModelOfF64Rows, PredictsOtherTargetsInF32) {
  Model model = model_of_times();
  model.targets = {Scale::standard, {50}, {0.1}};
  EXPECT_EQ(model.prediction_dtype(), DType::f32);
  EXPECT_EQ(model.predict(Tensor::from<double>(Shape{20, 2}, some_rows(kStart))).dtype(), DType::f32);
  model = model_without_start();
  model.targets.offset[0] = kStart;  // trained on rounded numbers
  EXPECT_EQ(model.prediction_dtype(), DType::f32);
}

}  // namespace
}  // namespace hillock

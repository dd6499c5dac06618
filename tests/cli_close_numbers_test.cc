// Tables with times in seconds: f32 must work as well as f64, in training and with the saved model.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/program.h"

namespace hillock::testing {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kStart = 1700000000;

std::int64_t time_of(int i) { return kStart + i * 7919 % 100003; }

// y is a plane over t and x.
std::string times(int rows) {
  std::string text = "t,x,w,kind,y\n";
  for (int i = 0; i < rows; ++i) {
    text += fmt::format("{},{},{},{},{}\n", time_of(i), i * 31 % 97, 1 + i % 5, i % 3 == 0 ? "a" : "b",
                        static_cast<double>(time_of(i) - kStart) / 8 + 40 * (i * 31 % 97));
  }
  return text;
}

// t is x and a time.
std::string late_targets(int rows) {
  std::string text = "x,t\n";
  for (int i = 0; i < rows; ++i) text += fmt::format("{},{}\n", i * 31 % 997, kStart + 5 * (i * 31 % 997));
  return text;
}

struct CloseNumbersProgram : ::testing::Test {
  ProgramResult run(const std::vector<std::string>& arguments) const {
    ProgramResult result = run_program(arguments, {.directory = directory.path()});
    EXPECT_EQ(result.code, 0) << result.err;
    return result;
  }
  // Trains a linear model on full batches, which finds the plane.
  Json train(const std::string& target, const std::string& dtype, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"train",   "d.csv",       "--target", target,          "--net",
                                       "",        "--optimizer", "lbfgs",    "--epochs",      "60",
                                       "--dtype", dtype,         "--out",    "m.safetensors", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramResult result = run(arguments);
    said = result.err;
    return Json::parse(result.out);
  }
  double rmse(const std::string& file) const {
    return Json::parse(run({"evaluate", "m.safetensors", file, "--json"}).out)["rmse"].get<double>();
  }

  TemporaryDirectory directory;
  std::string said;  // what train printed on stderr
};

TEST_F(CloseNumbersProgram, TrainsInF32AsWellAsInF64) {
  directory.write("d.csv", times(1000));
  const Json exact = train("y", "f64"), rounded = train("y", "f32");
  // Rounding times to 128 s loses 128/8/√12 = 4.6; f32 represents y, up to 17 000, within 0.001.
  EXPECT_LT(exact["test"]["rmse"].get<double>(), 0.02);
  EXPECT_LT(rounded["test"]["rmse"].get<double>(), 0.02);
  EXPECT_NE(
      said.find("note: d.csv: column t holds numbers too large and close together for f32; rows are kept in f64 until "
                "they are scaled\n"),
      std::string::npos)
      << said;
}

TEST_F(CloseNumbersProgram, TheSavedModelSeesWhatTrainingSaw) {
  directory.write("d.csv", times(1000));
  directory.write("e.csv", times(600));
  const Json trained = train("y", "f32", {"--test", "e.csv"});
  EXPECT_EQ(rmse("e.csv"), trained["test"]["rmse"].get<double>());
  const std::string one = run({"predict", "m.safetensors", "e.csv", "--threads", "1"}).out;
  EXPECT_EQ(one, run({"predict", "m.safetensors", "e.csv", "--threads", "3"}).out);
  const std::vector<std::string> answers = lines(one);
  ASSERT_EQ(answers.size(), 601u);
  const auto truth = [](int i) { return static_cast<double>(time_of(i) - kStart) / 8 + 40 * (i * 31 % 97); };
  for (int i = 0; i < 600; ++i)
    EXPECT_NEAR(std::strtod(answers[static_cast<std::size_t>(i) + 1].c_str(), nullptr), truth(i), 0.1) << i;
  EXPECT_NE(run({"show", "m.safetensors"}).out.find("before they are rounded to f32"), std::string::npos);
}

TEST_F(CloseNumbersProgram, ThreadsDoNotMatter) {
  directory.write("d.csv", times(500));
  const auto weights = [&](const char* threads) {
    return train("y", "f32", {"--threads", threads})["parameters_sha256"].get<std::string>();
  };
  EXPECT_EQ(weights("1"), weights("3"));
}

TEST_F(CloseNumbersProgram, TargetsMayBeginLate) {
  directory.write("d.csv", late_targets(1000));
  // Rounding to 128 s loses 128/√12 = 37.
  EXPECT_LT(train("t", "f32")["test"]["rmse"].get<double>(), 0.02);
  EXPECT_LT(rmse("d.csv"), 0.02);
  const std::vector<std::string> answers = lines(run({"predict", "m.safetensors", "d.csv"}).out);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_NEAR(std::strtod(answers[static_cast<std::size_t>(i) + 1].c_str(), nullptr) - static_cast<double>(kStart),
                5 * (i * 31 % 997), 0.1);
  }
  // A model that was trained in f64 is no worse when used in f32.
  (void)train("t", "f64");
  const std::vector<std::string> others = lines(run({"predict", "m.safetensors", "d.csv", "--dtype", "f32"}).out);
  EXPECT_NEAR(std::strtod(others[2].c_str(), nullptr) - static_cast<double>(kStart), 5 * 31, 0.1);
}

TEST_F(CloseNumbersProgram, TimesThatNumberTheRowsAreLeftOut) {
  std::string text = "id,x,y\n";
  for (int i = 0; i < 300; ++i)
    text += fmt::format("{},{},{}\n", kStart + i * 37 % 300, i * 7 % 11, i * 7 % 11 * 2 + 1);
  directory.write("d.csv", text);
  (void)train("y", "f32");
  EXPECT_NE(said.find("column \"id\" numbers the rows and is left out"), std::string::npos) << said;
  EXPECT_EQ(said.find("f64"), std::string::npos) << said;
  EXPECT_EQ(run({"show", "m.safetensors"}).out.find("before they are rounded"), std::string::npos);
}

// Other ways to train on such a table, with row weights, which are f64 too until they are used.
TEST_F(CloseNumbersProgram, FoldsWeightsAndComparisonsTakeThem) {
  directory.write("d.csv", times(300));
  EXPECT_LT(train("y", "f32", {"--weights", "w", "--folds", "3"})["folds"]["network"]["rmse"]["mean"].get<double>(),
            0.05);
  run({"train", "d.csv", "--target", "kind", "--class-weights", "balanced", "--epochs", "2", "--quiet"});
  run({"compare", "d.csv", "--target", "y", "--vary", "lr=0.01,0.1", "--seeds", "2", "--epochs", "2"});
  run({"trace", "--net", "4", "d.csv", "--target", "y", "--dtype", "f32"});
  (void)train("y", "f32");
  run({"trace", "m.safetensors", "d.csv", "--dtype", "f32"});
  run({"train", "d.csv", "--target", "y", "--net", "", "--init", "m.safetensors", "--epochs", "1", "--quiet"});
}

}  // namespace
}  // namespace hillock::testing

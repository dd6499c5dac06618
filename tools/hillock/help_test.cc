// Trains with everything that `hillock help activations|losses|optimizers|schedules` lists.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/paths.h"
#include "tests/program.h"

namespace hillock::testing {
namespace {

using Json = nlohmann::json;

// The names that `hillock help TOPIC` lists.
std::vector<std::string> menu(const std::string& topic) {
  std::vector<std::string> names = lines(run_program({"help", topic}).out);
  for (std::string& name : names) name = name.substr(0, name.find(' '));
  return names;
}

Json train(const TemporaryDirectory& directory, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "train");
  arguments.insert(arguments.end(), {"--json", "--quiet", "--threads", "1", "--out", "model.safetensors"});
  const ProgramResult result = run_program(arguments, {.directory = directory.path()});
  EXPECT_EQ(result.code, 0) << result.err;
  return result.code == 0 ? Json::parse(result.out) : Json();
}

TEST(ProgramMenus, TheDocumentsShowTheRecipe) {
  std::ifstream file(source_directory() / "docs/recipe.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(page.find("```\n" + run_program({"help", "recipe"}).out + "```\n"), std::string::npos);
}

TEST(ProgramMenus, ListWhatThereIs) {
  EXPECT_EQ(menu("activations"), (std::vector<std::string>{"identity", "sigmoid", "tanh", "relu", "leaky-relu", "elu",
                                                           "selu", "gelu", "silu", "mish", "softplus", "softmax"}));
  EXPECT_EQ(menu("losses"),
            (std::vector<std::string>{"mse", "sse", "mae", "huber", "quantile", "logistic", "cross-entropy", "hinge"}));
  EXPECT_EQ(menu("optimizers"), (std::vector<std::string>{"sgd", "momentum", "nesterov", "adam", "adamw", "nadam",
                                                          "adagrad", "rmsprop", "lbfgs"}));
  EXPECT_EQ(menu("schedules"),
            (std::vector<std::string>{"constant", "step", "cosine", "exponential", "one-cycle", "on-plateau"}));
}

TEST(ProgramMenus, EveryActivationLearnsInHiddenLayers) {
  const TemporaryDirectory directory;
  for (const std::string& name : menu("activations")) {
    if (name == "softmax") continue;  // for output layers
    const Json result = train(directory, {"iris", "--net", "dense 16 " + name});
    EXPECT_GE(result["test"]["accuracy"].get<double>(), 0.9) << name;
  }
}

// A positive target, so that every output can reach it, and initial weights that do not start where an output is flat.
TEST(ProgramMenus, EveryActivationServesAsOutput) {
  const TemporaryDirectory directory;
  std::string csv = "x,y\n";
  for (int i = 0; i < 60; ++i) csv += std::to_string(i) + "," + std::to_string(0.1 + 0.01 * i) + "\n";
  directory.write("line.csv", csv);
  for (const std::string& name : menu("activations")) {
    if (name == "softmax") continue;  // for classes
    const Json result =
        train(directory, {"line.csv", "--target", "y", "--task", "regression", "--validation", "0", "--test", "0",
                          "--net", "output " + name, "--init-weights", "normal:0.01", "--init-bias", "constant:0.5"});
    // The target is standardized. Outputs of tanh are limited to 1; those of elu and selu are bounded below.
    EXPECT_GT(result["train"]["r2"].get<double>(), name == "leaky-relu" ? 0.4 : name == "tanh" ? 0.75 : 0.9) << name;
    EXPECT_GE(result["baseline"]["constant"]["train"]["r2"].get<double>(), -1e-6) << name;
  }
}

TEST(ProgramMenus, EveryOptimizerAndScheduleLearns) {
  const TemporaryDirectory directory;
  for (const std::string& optimizer : menu("optimizers")) {
    for (const bool automatic : {false, true}) {
      std::vector<std::string> arguments{"wdbc", "--optimizer", optimizer};
      if (automatic) arguments.insert(arguments.end(), {"--lr", "auto"});
      const Json result = train(directory, arguments);
      EXPECT_GE(result["test"]["accuracy"].get<double>(), 0.92) << optimizer << automatic;
      EXPECT_EQ(result["options"]["optimizer"], optimizer);
      EXPECT_EQ(result["options"].contains("rate_test"), automatic);
      if (!automatic) continue;
      EXPECT_EQ(result["options"]["rate_test"]["rate"], result["options"]["rate"]);
    }
  }
  for (std::string schedule : menu("schedules")) {
    if (schedule == "on-plateau") schedule += " 0.5 5";
    const Json result = train(directory, {"wdbc", "--schedule", schedule});
    EXPECT_GE(result["test"]["accuracy"].get<double>(), 0.92) << schedule;
    EXPECT_EQ(result["options"]["schedule"], schedule);
  }
}

TEST(ProgramMenus, SaysWhichRateItFound) {
  const TemporaryDirectory directory;
  const auto training_line = [&](const char* optimizer) {
    const ProgramResult result =
        run_program({"train", "iris", "--optimizer", optimizer, "--lr", "auto"}, {.directory = directory.path()});
    for (const std::string& line : lines(result.out)) {
      if (line.starts_with("training")) return line;
    }
    return result.err;
  };
  EXPECT_NE(training_line("adam").find(" (auto: "), std::string::npos) << training_line("adam");
  EXPECT_EQ(training_line("adam"), training_line("adam"));
  EXPECT_NE(training_line("lbfgs").find("rate 1 (auto: a line search finds the length of each step)"),
            std::string::npos);
}

TEST(ProgramMenus, LossesOfNumbersTrainEvaluateAndPredict) {
  const TemporaryDirectory directory;
  std::string csv = "x,y\n";  // y = x² + noise that is skewed upwards
  for (int i = 0; i < 200; ++i) {
    const double x = i / 100.0 - 1, noise = (i * 37 % 100) / 100.0;
    csv += std::to_string(x) + "," + std::to_string(x * x + noise * noise) + "\n";
  }
  directory.write("skewed.csv", csv);
  for (const std::string loss : {"huber", "huber 0.5", "quantile 0.9", "quantile 0.1"}) {
    const Json result =
        train(directory, {"skewed.csv", "--target", "y", "--loss", loss, "--validation", "0", "--test", "0"});
    EXPECT_EQ(result["options"]["loss"], loss == "huber" ? "huber 1" : loss);
    // The constant is the quantile: its loss is not below the network's.
    EXPECT_LT(result["train"]["loss"].get<double>(), result["baseline"]["constant"]["train"]["loss"].get<double>());
    const Json again = Json::parse(
        run_program({"evaluate", "model.safetensors", "skewed.csv", "--json"}, {.directory = directory.path()}).out);
    EXPECT_NEAR(again["loss"].get<double>(), result["train"]["loss"].get<double>(), 1e-6);
    const std::vector<std::string> predicted =
        lines(run_program({"predict", "model.safetensors", "skewed.csv"}, {.directory = directory.path()}).out);
    ASSERT_EQ(predicted.size(), 201u);
    if (!loss.starts_with("quantile")) continue;
    int below = 0;
    const std::vector<std::string> rows = lines(csv);
    for (std::size_t i = 1; i < rows.size(); ++i)
      below += std::stod(rows[i].substr(rows[i].find(',') + 1)) < std::stod(predicted[i]) ? 1 : 0;
    EXPECT_NEAR(below / 200.0, loss == "quantile 0.9" ? 0.9 : 0.1, 0.06) << loss;
  }
}

TEST(ProgramMenus, HingeGivesMarginsAndNoProbabilities) {
  const TemporaryDirectory directory;
  for (const char* data : {"wdbc", "iris"}) {
    const Json result = train(directory, {data, "--loss", "hinge"});
    EXPECT_GE(result["test"]["accuracy"].get<double>(), 0.9) << data;
    EXPECT_TRUE(result["test"]["log_loss"].is_null()) << data;
    EXPECT_GT(result["test"]["accuracy"], result["baseline"]["constant"]["test"]["accuracy"]) << data;
    const Json again = Json::parse(
        run_program({"evaluate", "model.safetensors", data, "--json"}, {.directory = directory.path()}).out);
    EXPECT_GE(again["accuracy"].get<double>(), 0.95) << data;
    const std::vector<std::string> csv =
        lines(run_program({"predict", "model.safetensors", data}, {.directory = directory.path()}).out);
    EXPECT_TRUE(csv[0].starts_with("prediction,margin_")) << csv[0];
    for (std::size_t row = 1; row < csv.size(); ++row) {
      std::vector<std::string> cells, names;
      std::istringstream row_stream(csv[row]), head_stream(csv[0]);
      for (std::string cell; std::getline(row_stream, cell, ',');) cells.push_back(cell);
      for (std::string name; std::getline(head_stream, name, ',');) names.push_back(name);
      std::vector<double> margins;
      for (std::size_t k = 1; k < cells.size(); ++k) margins.push_back(std::stod(cells[k]));
      const auto best = std::ranges::max_element(margins) - margins.begin();
      ASSERT_EQ(names[static_cast<std::size_t>(best) + 1], "margin_" + cells[0]) << data << " " << csv[row];
    }
  }
}

TEST(ProgramMenus, PlansWithEveryOptimizer) {
  for (const std::string& optimizer : menu("optimizers")) {
    const ProgramResult result =
        run_program({"plan", "--net", "8", "--input", "4", "--loss", "huber 0.5", "--optimizer", optimizer});
    EXPECT_EQ(result.code, 0) << optimizer << result.err;
  }
}

}  // namespace
}  // namespace hillock::testing

// The program trains what the library trains, bit for bit.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "hillock/table.h"
#include "tests/program.h"

namespace hillock {
namespace {

using Json = nlohmann::json;

Json without_times(Json json) {
  json.erase("seconds");
  json["made"].erase("date");
  json["made"].erase("command");
  return json;
}

void expect_same(const std::vector<std::string>& call, const TableResult& result) {
  const testing::TemporaryDirectory directory;
  std::vector<std::string> arguments{"train"};
  arguments.insert(arguments.end(), call.begin(), call.end());
  arguments.insert(arguments.end(), {"--quiet", "--out", directory.file("model.safetensors")});
  const testing::ProgramResult program = testing::run_program(arguments);
  ASSERT_EQ(program.code, 0) << program.err;
  const Model model = load_model(directory.file("model.safetensors"));
  const Json theirs = Json::parse(model.training), ours = Json::parse(result.model.training);
  EXPECT_EQ(without_times(theirs), without_times(ours));
  EXPECT_EQ(theirs["parameters_sha256"], ours["parameters_sha256"]);
}

TEST(TableAndProgram, TrainTheSameNetwork) {
  expect_same({"iris", "--epochs", "5", "--seed", "7"}, train_table("iris", {.epochs = 5, .seed = 7}));
}

TEST(TableAndProgram, TakeTheSameOptions) {
  const TableOptions options{.validation = 0.25,
                             .net = "dense 8 tanh, dropout 0.1",
                             .loss = "hinge",
                             .class_weights = "balanced",
                             .optimizer = "nesterov",
                             .momentum = 0.8,
                             .clip_norm = 1,
                             .schedule = "cosine",
                             .batch = 16,
                             .epochs = 6,
                             .patience = 2,
                             .shuffle = false};
  expect_same({"wdbc",
               "--net",
               "dense 8 tanh, dropout 0.1",
               "--loss",
               "hinge",
               "--class-weights",
               "balanced",
               "--optimizer",
               "nesterov",
               "--momentum",
               "0.8",
               "--clip-norm",
               "1",
               "--schedule",
               "cosine",
               "--batch",
               "16",
               "--epochs",
               "6",
               "--patience",
               "2",
               "--no-shuffle",
               "--validation",
               "0.25"},
              train_table("wdbc", options));
}

}  // namespace
}  // namespace hillock

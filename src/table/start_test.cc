// A job that starts from a model gives the same bits whether the model is in a file or in memory.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "data/data_testing.h"
#include "hillock/compare.h"
#include "hillock/table.h"

namespace hillock {
namespace {

const TableOptions kFirst{.net = "6, 4", .epochs = 3, .seed = 3};

// `options` for a job that starts from `model`.
TableOptions from(std::shared_ptr<const Model> model, TableOptions options = {.epochs = 2}) {
  options.init_model = std::move(model);
  return options;
}

TEST(InitModel, TrainsOnAsFromItsFile) {
  const TestDirectory directory;
  const auto model = std::make_shared<const Model>(train_table("iris", kFirst).model);
  const std::string path = directory.path() + "/first.safetensors";
  save_model(path, *model);
  const TableResult memory = train_table("iris", from(model));
  const TableResult file = train_table("iris", {.init = path, .epochs = 2});
  EXPECT_EQ(memory.model.spec.to_string(), file.model.spec.to_string());
  EXPECT_EQ(parameters_sha256(memory.model.network), parameters_sha256(file.model.network));
  EXPECT_EQ(memory.model.features.offset, model->features.offset) << "the scaling comes along";
  EXPECT_EQ(file.choices.init, path);
  EXPECT_EQ(memory.choices.init, kModelInMemory);
  EXPECT_NE(memory.model.training.find("\"init\":\"a model in memory\""), std::string::npos);
}

TEST(InitModel, ChangesNoModelAndMayBeOfAnotherFloatType) {
  const auto model = std::make_shared<const Model>(train_table("iris", kFirst).model);
  const std::string before = parameters_sha256(model->network);
  const TableResult wide = train_table("iris", from(model, {.dtype = DType::f64, .epochs = 2}));
  EXPECT_EQ(wide.model.network.options().dtype, DType::f64);
  EXPECT_EQ(parameters_sha256(model->network), before);
}

// Only the options own the model.
TEST(InitModel, LivesAsLongAsTheJobNeedsIt) {
  TableJob job("iris", from(std::make_shared<const Model>(train_table("iris", kFirst).model)));
  EXPECT_EQ(job.train().model.spec.to_string(), "dense 6 relu, dense 4 relu, output softmax");
}

TEST(InitModel, GivesEverySeedOfAComparisonItsParameters) {
  const auto model = std::make_shared<const Model>(train_table("iris", kFirst).model);
  const ComparedTable compared = compare_configurations("iris", {{"", from(model)}}, {.seeds = 2});
  TableOptions alone = from(model);
  for (const ComparedRun& run : compared.configurations[0].runs) {
    alone.seed = run.seed;
    EXPECT_EQ(run.parameters_sha256, parameters_sha256(train_table("iris", alone).model.network));
  }
}

TEST(InitModel, IsRefusedWhereAFileWouldBe) {
  const auto model = std::make_shared<const Model>(train_table("iris", kFirst).model);
  EXPECT_EQ(error_of([&] { (void)train_table("wine", from(model)); }).substr(0, 48),
            "train: the model of --init was trained on column");
  TableOptions both = from(model);
  both.init = "first.safetensors";
  EXPECT_EQ(error_of([&] { (void)train_table("iris", both); }),
            "train_table: init and init_model are both given; leave one out");
  TableOptions restarts = from(model, {.target_loss = 0.1, .restarts = 2});
  EXPECT_EQ(error_of([&] { (void)train_table("iris", restarts); }),
            "train: --init gives the first weights, so --restarts has no others to try; leave one out");
  EXPECT_EQ(error_of([&] { (void)train_table("iris", from(model, {.net = "5"})); }),
            "a model in memory: tensor \"dense1.weight\" is f32[4, 6] where the network has [4, 5]; give a file for "
            "this network");
}

}  // namespace
}  // namespace hillock

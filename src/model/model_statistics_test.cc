// A layer with a running mean, registered by the tests as a word of --net: trained, saved, loaded, replicated,
// interrupted and restored.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "hillock/error.h"
#include "hillock/layer.h"
#include "hillock/model.h"
#include "hillock/replicas.h"
#include "hillock/run.h"
#include "tests/own_layers.h"

namespace hillock {
namespace {

using testing::bits;
using testing::Rows;
using testing::some_rows;

void know_centre() {
  static const nn::LayerRecord record{
      .word = "centre", .form = "centre", .summary = "takes a running mean away", .build = [](const nn::LayerSpec&) {
        return testing::centre();
      }};
  if (nn::find_layer("centre") == nullptr) nn::register_layer(record);
}

Model centred_model(DType dtype = DType::f32) {
  know_centre();
  NetworkSpec spec = NetworkSpec::parse("centre, dense 4 tanh, output identity");
  Model model{.network = make_network(spec, 2, 1, dtype),
              .spec = spec,
              .task = Task::regression,
              .target = "y",
              .columns = {"a", "b"},
              .classes = {},
              .sample_shape = Shape{2},
              .features = {},
              .targets = {},
              .loss = nn::LossKind::mse};
  model.network.initialize(3);
  return model;
}

const TrainOptions kOptions{.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = adam()},
                            .epochs = 5,
                            .batch_size = 4,
                            .rate = 0.05,
                            .seed = 3};

TEST(ModelStatistics, AreSavedAndLoaded) {
  const Rows rows = some_rows(11, 2, 1);
  Model model = centred_model();
  Trainer(model.network, kOptions).fit(rows.examples());
  EXPECT_NE(model.network.statistic("centre1.mean").at(0), 0);
  const std::string path = ::testing::TempDir() + "centre.safetensors";
  save_model(path, model);
  const Model loaded = load_model(path);
  EXPECT_EQ(bits(loaded.network), bits(model.network));
  EXPECT_EQ(bits(loaded.predict(rows.features)), bits(model.predict(rows.features)));
  const Model wide = convert(loaded, DType::f64);
  EXPECT_EQ(wide.network.statistic("centre1.mean").at(0), model.network.statistic("centre1.mean").at(0));
  std::filesystem::remove(path);
}

TEST(ModelStatistics, GoThroughReplicasAndCutsToTheSameFile) {
  const Rows rows = some_rows(11, 2, 1);
  Model whole = centred_model(), replicated = centred_model(), cut = centred_model();
  Trainer(whole.network, kOptions).fit(rows.examples());
  ReplicaSet set{.network = &replicated.network, .options = kOptions, .starts = {}};
  for (std::uint64_t k = 0; k < 8; ++k)
    set.starts.push_back({.parameters = replicated.network.parameters(), .seed = 3, .train = rows.examples()});
  const auto results = train_replicas(std::span(&set, 1), {.lanes = 8});
  ASSERT_TRUE(results[0][5].side_by_side);
  replicated.network.parameters() = results[0][5].parameters;
  copy_state(results[0][5].statistics, replicated.network.store(), {StateRole::statistic});
  Snapshot snapshot;
  {
    Network begun = cut.network.copy();
    TrainingRun run(begun, kOptions, rows.examples());
    for (int k = 0; k < 7; ++k) run.step();
    snapshot = run.snapshot();
  }
  TrainingRun run(cut.network, kOptions, rows.examples());
  run.restore(snapshot);
  while (run.epoch()) continue;
  EXPECT_EQ(bits(replicated.network), bits(whole.network));
  EXPECT_EQ(bits(cut.network), bits(whole.network));
}

TEST(ModelStatistics, ThatAreMissingOrOfAnotherTypeAreRefused) {
  const std::string path = ::testing::TempDir() + "centre.safetensors";
  save_model(path, centred_model());
  const SafetensorsFile good = read_safetensors(path);
  std::filesystem::remove(path);
  EXPECT_NO_THROW(model_from(good, "memory"));
  SafetensorsFile missing = good, narrow = good;
  std::erase_if(missing.tensors, [](const NamedTensor& item) { return item.name == "centre1.mean"; });
  EXPECT_THROW(model_from(missing, "memory"), Error);
  for (NamedTensor& item : narrow.tensors) {
    if (item.name == "centre1.steps") item.tensor = Tensor(TensorType{DType::f32, {1}, {}});
  }
  EXPECT_THROW(model_from(narrow, "memory"), Error);
}

}  // namespace
}  // namespace hillock

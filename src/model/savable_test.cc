// What is saved can be loaded: everything that loading would refuse is refused before anything is written.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "data/data_testing.h"
#include "hillock/layer.h"
#include "hillock/model.h"
#include "tests/own_layers.h"

namespace hillock {
namespace {

// A model of a number and a category, embedded or not, with three classes.
Model good(std::int64_t embedding = 0) {
  Model model{.network = make_network(NetworkSpec(), 1, 1, DType::f32),
              .spec = NetworkSpec::parse("dense 4 tanh, output softmax"),
              .task = Task::classification,
              .target = "kind",
              .columns = {"age", "job"},
              .classes = {"a", "b", "c"},
              .sample_shape = Shape{2},
              .features = {Scale::standard, {30, 0}, {0.1, 1}},
              .encoding = {{{}, {.categories = {"clerk", "cook"}, .embedding = embedding}}, {30, 0}},
              .targets = {},
              .loss = nn::LossKind::cross_entropy};
  model.network = make_network(model.spec, model.encoding.inputs(2), 3, DType::f32, model.encoding.embeddings());
  model.network.initialize(1);
  return model;
}

Model number() {
  Model model = good();
  model.task = Task::regression;
  model.classes = {};
  model.loss = nn::LossKind::mse;
  model.spec = NetworkSpec::parse("dense 4 tanh, output identity");
  model.targets = {Scale::standard, {1}, {2}};
  model.network = make_network(model.spec, 3, 1, DType::f32);
  model.network.initialize(1);
  return model;
}

// The message of save_model, which then writes nothing; what is not refused must be loadable.
std::string saving(const Model& model) {
  const TestDirectory directory;
  const std::string path = directory.path() + "/m";
  const std::string message = error_of([&] { save_model(path, model); });
  EXPECT_EQ(std::filesystem::exists(path), message.empty()) << message;
  if (message.empty()) {
    EXPECT_NO_THROW((void)load_model(path));
    return message;
  }
  EXPECT_EQ(message.find('\n'), std::string::npos);
  EXPECT_NE(error_of([&] { require_savable(model, path); }), "") << message;
  return message.substr(message.find(": ") + 2);
}

template <class Change>
std::string saving(Model model, Change change) {
  change(model);
  return saving(model);
}

TEST(SavingAModel, TakesWhatLoadingTakes) {
  EXPECT_EQ(saving(good()), "");
  EXPECT_EQ(saving(good(2)), "");
  EXPECT_EQ(saving(number()), "");
}

TEST(SavingAModel, RefusesOutputsThatItsTaskHasNot) {
  EXPECT_EQ(saving(number(),
                   [](Model& m) {
                     m.network = make_network(m.spec, 3, 2, DType::f32);
                     m.network.initialize(1);
                   }),
            "the model cannot be saved: 2 outputs for one target; correct it, or make the model anew");
  EXPECT_EQ(saving(good(), [](Model& m) { m.classes.pop_back(); }),
            "the model cannot be saved: 2 classes for 3 outputs; correct it, or make the model anew");
  EXPECT_NE(saving(number(), [](Model& m) { m.classes = {"a", "b"}; }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.targets = {Scale::standard, {1}, {2}}; }), "");
}

TEST(SavingAModel, RefusesASpecThatIsNotItsNetworks) {
  const auto with = [](const char* text) {
    return saving(good(), [&](Model& m) { m.spec = NetworkSpec::parse(text); });
  };
  EXPECT_EQ(with("dense 5 tanh, output softmax"),
            "the model cannot be saved: its network has the parameters dense1.weight [3, 4], dense1.bias [4], "
            "output.weight [4, 3], output.bias [3] and its spec \"dense 5 tanh, output softmax\" describes "
            "dense1.weight [3, 5], "
            "dense1.bias [5], output.weight [5, 3], output.bias [3]; give it the spec that its network was made of "
            "(make_network)");
  EXPECT_NE(with("dense 4 tanh, dense 4 tanh, output softmax"), "");
  EXPECT_NE(with("output softmax"), "");
  EXPECT_EQ(with("dense 4 sigmoid, output softmax"),
            "the model cannot be saved: its network does not compute what its spec \"dense 4 sigmoid, output softmax\" "
            "describes; give "
            "it the spec that its network was made of (make_network)");
  EXPECT_EQ(with("dense 4 tanh, dropout 0.5, output softmax"), "");  // predicts the same
  // With parameters of zero no difference would show.
  EXPECT_NE(saving(good(),
                   [](Model& m) {
                     m.spec = NetworkSpec::parse("dense 4 relu, output softmax");
                     m.network.set_parameters(Tensor(m.network.parameters().type()));
                   }),
            "");
}

TEST(SavingAModel, RefusesColumnsThatDoNotFit) {
  EXPECT_NE(saving(good(), [](Model& m) { m.columns.push_back("x"); }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.columns = {"age", "age"}; }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.sample_shape = Shape{3}; }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.encoding.columns.pop_back(); }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.encoding.columns.push_back({}); }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.encoding.fill.pop_back(); }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.encoding.fill[0] = std::nan(""); }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.encoding.columns[1].categories = {"x", "x"}; }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.encoding.columns[1].categories.push_back("x"); }), "");
  EXPECT_NE(saving(good(2), [](Model& m) { m.encoding.columns[1].embedding = 3; }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.features.offset.pop_back(); }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.features.factor.pop_back(); }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.features.factor[0] = 0; }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.features.offset[0] = INFINITY; }), "");
  EXPECT_NE(saving(number(), [](Model& m) { m.targets.offset = {}; }), "");
}

TEST(SavingAModel, RefusesTextsAndNumbersThatTheFileCannotHold) {
  EXPECT_NE(saving(good(), [](Model& m) { m.target = "\xff"; }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.classes[1] = "\xff"; }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.classes[1] = "a"; }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.label_smoothing = std::nan(""); }), "");
  EXPECT_NE(saving(good(), [](Model& m) { m.label_smoothing = 1; }), "");
  EXPECT_NE(saving(number(), [](Model& m) { m.loss = nn::LossKind::cross_entropy; }), "");
  EXPECT_NE(saving(number(),
                   [](Model& m) {
                     m.loss = nn::LossKind::quantile;
                     m.loss_parameter = 2;
                   }),
            "");
}

// This used to throw an exception other than Error, or to write a file that could not be loaded.
TEST(SavingAModel, RefusesATrainingRecordThatIsNoObject) {
  const auto with = [](const std::string& text) { return saving(good(), [&](Model& m) { m.training = text; }); };
  EXPECT_EQ(with("{\"epochs\": 3}"), "");
  EXPECT_EQ(with("{"), "its training record \"{\" is no JSON object; write one, {} if there is nothing to tell");
  for (const char* text : {"", "3", "[]", "null", "\"text\"", "{\"a\": \"\xff\"}", "{\"a\": 1e999}", "{} {}"})
    EXPECT_NE(with(text), "") << text;
  std::string deep = "1";
  for (int i = 0; i < 20; ++i) deep = "{\"a\": " + deep + "}";
  EXPECT_NE(with(deep), "");
}

TEST(JudgingAModel, RefusesDataOfAnotherKind) {
  Dataset data;
  data.columns = {"age", "job"};
  data.categories = {{}, {"clerk", "cook"}};
  data.features = Tensor::from<float>({2, 2}, {30, 0, 31, 1});
  data.targets = Tensor(TensorType{DType::i32, {2}, IntegerRange{0, 3}});
  data.classes = {"a", "b", "c"};
  const auto refusal = [&](auto change) {
    Dataset changed = data;
    change(changed);
    return error_of([&] { (void)evaluate(good(), changed); });
  };
  EXPECT_EQ(refusal([](Dataset&) {}), "");
  EXPECT_EQ(refusal([](Dataset& d) { d.targets = {}; }), "evaluate: the data have no targets; give rows with \"kind\"");
  EXPECT_EQ(refusal([](Dataset& d) {
              d.classes = {"b", "a", "c"};
            }),
            "evaluate: the data have the classes b, a, c and the model a, b, c; read them with Model::read_options()");
  EXPECT_EQ(refusal([](Dataset& d) {
              d.columns = {"job", "age"};
            }),
            "evaluate: the data have the columns job, age and the model age, job; read them with "
            "Model::read_options()");
  EXPECT_NE(refusal([](Dataset& d) {
              d.task = Task::regression;
              d.targets = Tensor(TensorType{DType::f32, {2, 1}, {}});
            }).find("the data are for regression and the model is for classification"),
            std::string::npos);
}

TEST(SavingAModel, RefusesStatisticsThatItsSpecHasNot) {
  Model model = number();
  model.network = Network(
      {.layer = nn::sequential({testing::centre(), nn::layer("dense 4 tanh"), nn::dense(1, {.name = "output"})}),
       .input = {3}});
  model.network.initialize(1);
  EXPECT_EQ(saving(model),
            "the model cannot be saved: its network has the statistics centre1.mean [3], centre1.steps [1] and its "
            "spec \"dense 4 tanh, output identity\" describes none; give it the spec that its network was made of "
            "(make_network)");
}

TEST(SavingAModel, KeepsZerosThatWereMeant) {
  const TestDirectory directory;
  Model model = number();
  model.network.set_parameters(Tensor(model.network.parameters().type()));
  save_model(directory.path() + "/m", model);
  EXPECT_TRUE(load_model(directory.path() + "/m").network.initialized());
}

}  // namespace
}  // namespace hillock

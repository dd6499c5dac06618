// Layers that the tests register behave like the library's own. Also checks the texts that are refused.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "hillock/error.h"
#include "hillock/layer.h"
#include "hillock/metrics.h"
#include "hillock/model.h"
#include "hillock/network.h"
#include "hillock/ops.h"
#include "hillock/train.h"

namespace hillock {
namespace {

template <class Action>
std::string message(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

// "halve" averages every 2 × 2 pixels of an image.
Shape halved(const nn::LayerSpec&, const Shape& row) {
  if (row.rank() == 3 && row[1] % 2 == 0 && row[2] % 2 == 0) return {row[0], row[1] / 2, row[2] / 2};
  throw Error(fmt::format("rows of {} are no images [channels, height, width] of even sides", row.to_string()));
}

nn::Layer build_halve(const nn::LayerSpec&);

const nn::LayerRecord& halve_record() {
  static const nn::LayerRecord record{.word = "halve",
                                      .form = "halve",
                                      .summary = "the mean of every 2 × 2 pixels",
                                      .shape = &halved,
                                      .build = &build_halve,
                                      .sees_images = true};
  return record;
}

nn::Layer build_halve(const nn::LayerSpec&) {
  return [](nn::Scope& scope, Value in) {
    Graph& graph = scope.graph();
    const Shape s = graph.type(in).shape;  // [batch, channels, height, width]
    Value out = ops::reshape(graph, in, {s[0], s[1], s[2] / 2, 2, s[3] / 2, 2});
    out = ops::mean(graph, ops::mean(graph, out, {5}), {3});
    return scope.tap({.layer = scope.next_name("halve"), .record = &halve_record(), .in = {in}}, out);
  };
}

void know_halve() {
  if (nn::find_layer("halve") == nullptr) nn::register_layer(halve_record());
}

Model image_model(const char* net) {
  NetworkSpec spec = NetworkSpec::parse(net);
  spec.output = nn::Activation::identity;
  Model model{.network = make_network(spec, row_shape(spec, {2, 4}, 8), 1, DType::f64),
              .spec = spec,
              .task = Task::regression,
              .target = "y",
              .columns = {},
              .classes = {},
              .sample_shape = {2, 4},
              .features = {},
              .targets = {},
              .loss = nn::LossKind::mse};
  for (int k = 0; k < 8; ++k) model.columns.push_back(fmt::format("pixel{}", k));
  model.network.initialize(1);
  return model;
}

TEST(RegisterLayer, ImagesStayImagesUntilALayerFlattensThem) {
  know_halve();
  EXPECT_EQ(row_shape(NetworkSpec::parse("8"), {2, 4}, 8), Shape{8});  // no layer depends on the axes
  EXPECT_EQ(row_shape(NetworkSpec::parse("residual(dropout 0.1), halve"), {2, 4}, 8), Shape({1, 2, 4}));
  EXPECT_EQ(row_shape(NetworkSpec::parse("halve"), {3, 2, 4}, 24), Shape({3, 2, 4}));
  EXPECT_EQ(row_shape(NetworkSpec::parse("halve"), {5}, 7), Shape{7});  // a table
  const Model model = image_model("layer-norm, halve, dense 3 tanh");
  EXPECT_EQ(model.network.layout().find("layer-norm1.gain")->shape, Shape{8});
  EXPECT_EQ(model.network.layout().find("dense1.weight")->shape, Shape({2, 3}));
  Model plain = image_model("halve");
  plain.network.set_parameter("output.weight", Tensor::from<double>({2, 1}, {1, 10}));
  plain.network.set_parameter("output.bias", Tensor::from<double>({1}, {0}));
  const Tensor rows = Tensor::from<double>({1, 8}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(plain.predict(rows).at(0), 1 * (1 + 2 + 5 + 6) / 4.0 + 10 * (3 + 4 + 7 + 8) / 4.0);
}

TEST(RegisterLayer, IsTrainedAndSavedAsOneOfTheLibrary) {
  know_halve();
  Model model = image_model("halve, dense 2 identity, residual(dense 2 tanh)");
  Tensor rows(TensorType{DType::f64, {6, 8}, {}}), targets(TensorType{DType::f64, {6, 1}, {}});
  for (std::int64_t i = 0; i < rows.elements(); ++i) rows.set(i, 0.1 * static_cast<double>(i * i % 11));
  for (std::int64_t i = 0; i < 6; ++i) targets.set(i, rows.at(8 * i) + rows.at(8 * i + 7));
  const TrainOptions options{
      .step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = adam()}, .epochs = 300, .batch_size = 4, .rate = 0.02};
  const double before = evaluate(model.network, options.step.loss, {&rows, &targets}).loss;
  EXPECT_LT(Trainer(model.network, options).fit({&rows, &targets}).train_loss, before / 2);
  const std::string path = ::testing::TempDir() + "halve.safetensors";
  save_model(path, model);
  const Model loaded = load_model(path);
  EXPECT_EQ(loaded.spec, model.spec);
  EXPECT_EQ(loaded.network.options().input, Shape({1, 2, 4}));
  for (std::int64_t i = 0; i < 6; ++i) EXPECT_EQ(loaded.predict(rows).at(i), model.predict(rows).at(i));
}

TEST(RegisterLayer, SaysWhichLayerIsGivenWhat) {
  know_halve();
  const auto described = [](const char* net, const Shape& row) {
    return message([&] { (void)make_network(NetworkSpec::parse(net), row, 1, DType::f32); });
  };
  EXPECT_EQ(described("dense 4, halve", {8}),
            "network: layer 2, \"halve\": rows of [4] are no images [channels, height, width] of even sides");
  EXPECT_EQ(described("residual(dense 3, halve)", {8}),
            "network: layer 1, \"residual(dense 3 relu, halve)\": layer 2, \"halve\": rows of [3] are no images "
            "[channels, height, width] of even sides");
  EXPECT_EQ(described("dense 4, residual(dense 8, dense 5 identity)", {2}),
            "network: layer 2, \"residual(dense 8 relu, dense 5 identity)\": the layers in it turn rows of [4] into "
            "[5]; their last must give [4], to be added to what comes in");
  EXPECT_EQ(described("residual(dense 3, dense 4)", {1, 2, 2}).substr(0, 9), "network: ");  // [4] is not [1, 2, 2]
  std::vector<nn::LayerSpec> empty = NetworkSpec::parse("residual(dense 3)").hidden;
  empty[0].inside.clear();
  EXPECT_EQ(message([&] { (void)nn::shapes_of(empty, {3}); }),
            "layer 1, \"residual()\": it holds no layers; give at least one");
}

TEST(RegisterLayer, AModelOfALayerThatIsNotKnownSaysSo) {
  know_halve();
  SafetensorsFile file;
  std::string text = model_metadata(image_model("halve, dense 3 tanh"));
  text.replace(text.find("halve"), 5, "third");
  file.metadata["hillock"] = text;
  EXPECT_EQ(message([&] { (void)model_from(file, "m.safetensors"); }),
            "m.safetensors: its network has a layer \"third\", which this program does not know; use a newer hillock, "
            "or a program that registers the layer");
}

TEST(RegisterLayer, RefusesRecordsThatAreIncompleteOrTaken) {
  const auto refused = [](nn::LayerRecord record) { return message([&] { nn::register_layer(record); }); };
  EXPECT_EQ(
      refused({.word = "Third", .build = &build_halve}),
      "register_layer: the record of \"Third\" needs a word of small letters, digits and hyphens that begins with "
      "a letter");
  EXPECT_EQ(refused({.word = "third"}),
            "register_layer: the record of \"third\" needs the layer that it describes (build)");
  EXPECT_EQ(
      refused({.word = "third", .print = [](const nn::LayerSpec&) { return std::string(); }, .build = &build_halve}),
      "register_layer: the record of \"third\" needs both parse and print, or neither");
  for (const char* word : {"dense", "tanh", "output", "embedding"}) {
    EXPECT_EQ(refused({.word = word, .build = &build_halve}),
              fmt::format("register_layer: \"{}\" has a meaning already; choose another word", word));
  }
}

TEST(RegisterLayer, ARecordThatSaysAnotherShapeThanItMakesIsFound) {
  static const nn::LayerRecord wrong{
      .word = "wrong", .shape = [](const nn::LayerSpec&, const Shape&) { return Shape{7}; }, .build = &build_halve};
  const std::vector<nn::LayerSpec> specs{{.record = &wrong}};
  EXPECT_EQ(message([&] {
              Network({.layer = nn::build_layers(specs), .input = {1, 2, 2}});
            }),
            "network: layer 1, \"wrong\": it makes rows of [1, 1, 1] and its record says [7]; correct "
            "LayerRecord::shape");
}

TEST(NestedLayers, AreReadWrittenAndNamed) {
  const std::string text = "dense 4 relu, residual(layer-norm, dense 8 relu, residual(dense 8 tanh), dense 4 identity)";
  const NetworkSpec spec = NetworkSpec::parse(text);
  EXPECT_EQ(spec.to_string(), text);
  EXPECT_EQ(NetworkSpec::parse("residual ( dense 4 relu , dense 4 )").to_string(),
            "residual(dense 4 relu, dense 4 relu)");
  std::vector<std::string> names;
  const Network network = make_network(spec, 3, 1, DType::f32);
  for (const nn::ParameterSpec& one : network.layout().parameters) {
    if (one.name.ends_with(".weight") || one.name.ends_with(".gain")) names.push_back(one.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"dense1.weight", "residual1.layer-norm1.gain", "residual1.dense1.weight",
                                             "residual1.residual1.dense1.weight", "residual1.dense2.weight",
                                             "output.weight"}));
}

// x + tanh(x w + b) by hand, with w = 0.5, b = −1: for x = 2 tanh(0) = 0; for x = −2, −2 + tanh(−2).
TEST(NestedLayers, AResidualAddsWhatComesIn) {
  Network network({.layer = nn::layer("residual(dense 1 tanh)"), .input = {1}, .dtype = DType::f64});
  network.set_parameter("residual1.dense1.weight", Tensor::from<double>({1, 1}, {0.5}));
  network.set_parameter("residual1.dense1.bias", Tensor::from<double>({1}, {-1}));
  const Tensor out = predict(network, Tensor::from<double>({2, 1}, {2, -2}));
  EXPECT_EQ(out.at(0), 2);
  EXPECT_NEAR(out.at(1), -2 - 0.96402758007581688, 1e-15);
}

TEST(NestedLayers, AreRefusedWithTheirPlace) {
  const auto refused = [](const char* text) {
    const std::string all = message([&] { (void)NetworkSpec::parse(text); });
    return all.substr(0, all.find("; write for example"));
  };
  EXPECT_EQ(refused("residual"),
            "--net: part 1, \"residual\": residual needs the layers that it holds, as in residual(dense 6 tanh, dense "
            "4 identity)");
  EXPECT_EQ(refused("residual()"),
            "--net: part 1, \"residual()\": residual needs the layers that it holds, as in "
            "residual(dense 6 tanh, dense 4 identity)");
  EXPECT_EQ(refused("8, residual(dense 3, dense x)"),
            "--net: part 2, \"residual(dense 3, dense x)\": part 2, \"dense x\": \"x\" is not a number of units");
  EXPECT_EQ(refused("residual(dense 3"), "--net: part 1, \"residual(dense 3\": a parenthesis is not closed");
  EXPECT_EQ(refused("dense 3)"), "--net: part 1, \"dense 3)\": a parenthesis is closed that was not opened");
  EXPECT_EQ(refused("residual(8) relu"),
            "--net: part 1, \"residual(8) relu\": \" relu\" stands behind the parenthesis");
  EXPECT_EQ(refused("dense 3 (8)"), "--net: part 1, \"dense 3 (8)\": dense holds no other layers");
  EXPECT_EQ(refused("residual(output tanh)"),
            "--net: part 1, \"residual(output tanh)\": part 1, \"output tanh\": the "
            "output layer comes last, outside of parentheses");
  EXPECT_EQ(refused("residual(8,)"),
            "--net: part 1, \"residual(8,)\": part 2, \"\": there is nothing between the commas");
  std::string deep = "8";
  for (int k = 0; k < 40; ++k) deep = "residual(" + deep + ")";
  EXPECT_NE(refused(deep.c_str()).find("layers are nested more than 16 deep"), std::string::npos);
}

TEST(NestedLayers, FactsAreFoundInside) {
  const NetworkSpec spec = NetworkSpec::parse("residual(dense 4, residual(dropout 0.25))");
  const nn::LayerSpec* random = nn::first_with(spec.hidden, &nn::LayerRecord::random);
  ASSERT_NE(random, nullptr);
  EXPECT_EQ(nn::to_string(*random), "dropout 0.25");
  EXPECT_EQ(nn::first_with(NetworkSpec::parse("8, tanh").hidden, &nn::LayerRecord::random), nullptr);
  EXPECT_EQ(nn::first_with(NetworkSpec::parse("dropout 0.5").hidden, &nn::LayerRecord::hidden), nullptr);
}

}  // namespace
}  // namespace hillock

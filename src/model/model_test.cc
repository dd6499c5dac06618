// Models in memory and in files: saving and loading them, and what loading refuses.
#include "hillock/model.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/error_testing.h"
#include "hillock/error.h"
#include "tests/allocation_counter.h"

namespace hillock {
namespace {

using Json = nlohmann::ordered_json;

struct TemporaryFile {
  TemporaryFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hillock-model-XXXXXX").string();
    close(mkstemp(pattern.data()));
    path = pattern;
  }
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::string path;
};

Model classifier(DType dtype) {
  const NetworkSpec spec = NetworkSpec::parse("dense 5 tanh, dropout 0.1, dense 4 relu, output softmax");
  Network network = make_network(spec, 3, 3, dtype);
  network.initialize(7, nn::Initializer{.kind = nn::Initializer::Kind::normal},
                     nn::Initializer{.kind = nn::Initializer::Kind::normal});
  return {.network = std::move(network),
          .spec = spec,
          .task = Task::classification,
          .target = "kind",
          .columns = {"a", "b, \"quoted\"", "größe"},
          .classes = {"x", "y", "z"},
          .sample_shape = Shape{3},
          .features = {Scale::standard, {1.0 / 3, 2, 3e-5}, {0.1, 7, 1e5}},
          .targets = {},
          .loss = nn::LossKind::cross_entropy,
          .label_smoothing = 0.1,
          .training = R"({"dataset":"made up","seed":7})"};
}

Model regressor() {
  const NetworkSpec spec = NetworkSpec::parse("4, output identity");
  Network network = make_network(spec, 2, 1, DType::f32);
  network.initialize(3);
  return {.network = std::move(network),
          .spec = spec,
          .task = Task::regression,
          .target = "price",
          .columns = {"a", "b"},
          .classes = {},
          .sample_shape = Shape{2},
          .features = {},
          .targets = {Scale::standard, {1e5}, {1.0 / 3e4}},
          .loss = nn::LossKind::mse,
          .label_smoothing = 0,
          .training = "{}"};
}

Tensor some_rows(std::int64_t columns, DType dtype) {
  Tensor rows(TensorType{dtype, Shape{17, columns}, {}});
  for (std::int64_t i = 0; i < rows.elements(); ++i) rows.set(i, std::sin(static_cast<double>(i)));
  return rows;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.type() == b.type() && std::memcmp(a.raw(), b.raw(), a.bytes()) == 0;
}

std::string bytes_of(const Model& model) {
  const TemporaryFile file;
  save_model(file.path, model);
  std::ifstream stream(file.path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Model parse(const std::string& bytes) { return parse_model(std::as_bytes(std::span(bytes)), "memory"); }

TEST(Model, PredictsTheSameBitsAfterSavingAndLoading) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Model model = classifier(dtype);
    const TemporaryFile file;
    save_model(file.path, model);
    const Model loaded = load_model(file.path);
    const Tensor rows = some_rows(3, dtype);
    EXPECT_TRUE(same_bits(model.predict(rows), loaded.predict(rows)));
    EXPECT_EQ(bytes_of(loaded), bytes_of(model));
    EXPECT_EQ(loaded.columns, model.columns);
    EXPECT_EQ(loaded.classes, model.classes);
    EXPECT_EQ(loaded.target, model.target);
    EXPECT_EQ(loaded.spec, model.spec);
    EXPECT_EQ(loaded.label_smoothing, model.label_smoothing);
    EXPECT_EQ(loaded.training, model.training);
  }
}

TEST(Model, HasTheBytesOfItsFile) {
  const Model model = classifier(DType::f32);
  const TemporaryFile file;
  save_model(file.path, model);
  const std::vector<std::byte> bytes = model_bytes(model);
  std::ifstream stream(file.path, std::ios::binary);
  const std::string written{std::istreambuf_iterator<char>(stream), {}};
  ASSERT_EQ(bytes.size(), written.size());
  EXPECT_EQ(std::memcmp(bytes.data(), written.data(), written.size()), 0);
  EXPECT_EQ(model_metadata(parse_model(bytes, "memory")), model_metadata(model));
}

TEST(Model, KeepsTheNumberOfItsLoss) {
  Model model = regressor();
  for (const char* text : {"mse", "huber 0.25", "quantile 0.9"}) {
    const nn::NamedLoss named = nn::named_loss(text);
    model.loss = named.kind;
    model.loss_parameter = named.parameter;
    EXPECT_EQ(parse(bytes_of(model)).loss_name(), text);
    EXPECT_EQ(convert(model, DType::f64).loss_name(), text);
  }
  model.loss_parameter = 0;  // the default, as in nn::LossOptions
  EXPECT_EQ(parse(bytes_of(model)).loss_name(), "quantile 0.5");
}

// Loading would refuse the file.
TEST(Model, IsNotSavedWithValuesThatAreNotFinite) {
  Model model = regressor();
  model.network.set_parameter("output.bias", Tensor::from<float>({1}, {INFINITY}));
  const TemporaryFile file;
  std::filesystem::remove(file.path);
  EXPECT_THROW(save_model(file.path, model), Error);
  EXPECT_FALSE(std::filesystem::exists(file.path));
}

TEST(Model, PredictsInTheUnitsOfTheTarget) {
  const Model model = parse(bytes_of(regressor()));
  const Tensor rows = some_rows(2, DType::f32);
  const Tensor scaled = predict(model.network, rows);
  const Tensor prices = model.predict(rows);
  for (std::int64_t i = 0; i < prices.elements(); ++i) {
    // The tolerance is one rounding to f32 at 1e5.
    EXPECT_NEAR(prices.at(i), scaled.at(i) * 3e4 + 1e5, 0.02);
  }
}

TEST(Model, PredictsFromManyThreads) {
  const Model model = classifier(DType::f32);
  const Tensor rows = some_rows(3, DType::f32);
  const Tensor expected = model.predict(rows);
  std::vector<int> same(4);
  std::vector<std::thread> threads;
  for (int& result : same) {
    threads.emplace_back([&] {
      result = 1;
      for (int i = 0; i < 20; ++i) result &= same_bits(model.predict(rows), expected) ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, (std::vector<int>{1, 1, 1, 1}));
}

// Compares every way of dividing rows into batches, and both element types, with Model::predict.
template <class T>
void expect_same_predictions(const Model& model, std::int64_t batch) {
  const Tensor rows = some_rows(static_cast<std::int64_t>(model.columns.size()), DTypeOf<T>::value);
  const Tensor expected = model.predict(rows);
  ModelPredictor predictor(model, batch);
  ASSERT_EQ(predictor.columns(), model.columns.size());
  std::vector<T> out(17 * predictor.outputs());
  predictor.predict(rows.values<T>(), out);
  for (std::size_t i = 0; i < out.size(); ++i) {
    EXPECT_EQ(out[i], static_cast<T>(expected.at(static_cast<std::int64_t>(i)))) << batch;
  }
}

TEST(ModelPredictor, GivesTheBitsOfModelPredict) {
  for (const std::int64_t batch : {1, 4, 17, 64}) {
    for (const DType dtype : {DType::f32, DType::f64}) {
      expect_same_predictions<float>(classifier(dtype), batch);
      expect_same_predictions<double>(classifier(dtype), batch);
    }
    expect_same_predictions<float>(regressor(), batch);
    expect_same_predictions<double>(regressor(), batch);
  }
}

TEST(ModelPredictor, RefusesAScalerOfOtherColumns) {
  Model model = classifier(DType::f32);
  model.features.offset.pop_back();
  EXPECT_THROW(ModelPredictor(model, 1), Error);
  model = regressor();
  model.targets.factor.push_back(1);
  EXPECT_THROW(ModelPredictor(model, 1), Error);
}

TEST(ModelPredictor, AllocatesNothing) {
  const Model model = classifier(DType::f32);
  const Tensor rows = some_rows(3, DType::f32);
  const Tensor exact = some_rows(3, DType::f64);
  for (const std::int64_t batch : {1, 4}) {
    ModelPredictor predictor(model, batch);
    std::vector<float> out(17 * 3);
    std::vector<double> exact_out(17 * 3);
    const AllocationCounter counter;
    predictor.predict(rows.values<float>(), out);
    predictor.predict(exact.values<double>(), exact_out);
    EXPECT_EQ(counter.count(), 0);
  }
}

TEST(ModelPredictorThread, OneModelServesManyThreads) {
  const Model model = classifier(DType::f32);
  const Tensor rows = some_rows(3, DType::f32);
  const Tensor expected = model.predict(rows);
  std::vector<int> same(4);
  std::vector<std::thread> threads;
  for (int& result : same) {
    threads.emplace_back([&] {
      ModelPredictor predictor(model);
      Tensor out(expected.type());
      result = 1;
      for (int i = 0; i < 50; ++i) {
        predictor.predict(rows.values<float>(), out.values<float>());
        result &= same_bits(out, expected) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(same, (std::vector<int>{1, 1, 1, 1}));
}

TEST(ModelPredictor, RefusesWhatDoesNotFit) {
  const Model model = classifier(DType::f32);
  ModelPredictor predictor(model, 4);
  std::vector<float> rows(6), out(6);
  predictor.predict(rows, out);
  EXPECT_THROW(predictor.predict(std::span(rows).first(5), out), Error);
  EXPECT_THROW(predictor.predict(rows, std::span(out).first(5)), Error);
  EXPECT_THROW(predictor.predict(rows, std::span(out).first(3)), Error);
  predictor.predict(std::span<const float>{}, std::span<float>{});
  EXPECT_THROW(ModelPredictor(model, 0), Error);
}

TEST(Model, ConvertsBetweenFloatTypes) {
  const Model model = classifier(DType::f32);
  const Model doubled = convert(model, DType::f64);
  const Tensor single = model.predict(some_rows(3, DType::f32)), exact = doubled.predict(some_rows(3, DType::f64));
  for (std::int64_t i = 0; i < single.elements(); ++i) EXPECT_NEAR(single.at(i), exact.at(i), 1e-5);
  EXPECT_TRUE(same_bits(convert(doubled, DType::f32).predict(some_rows(3, DType::f32)), single));
}

TEST(Model, RefusesOtherRows) {
  EXPECT_THROW((void)classifier(DType::f32).predict(some_rows(2, DType::f32)), Error);
  EXPECT_THROW((void)classifier(DType::f32).predict(Tensor(TensorType{DType::i32, Shape{1, 3}, {}})), Error);
}

TEST(Model, LoadsParametersIntoAnyNetworkOfTheirShapes) {
  const Model model = classifier(DType::f64);
  const std::string bytes = bytes_of(model);
  const SafetensorsFile file = parse_safetensors(std::as_bytes(std::span(bytes)), "memory");
  Network same = make_network(model.spec, 3, 3, DType::f32);
  load_parameters(same, file, "memory");
  EXPECT_NEAR(same.parameter("dense1.weight").at(0), model.network.parameter("dense1.weight").at(0), 1e-6);
  Network wider = make_network(model.spec, 4, 3, DType::f32);
  EXPECT_THROW(load_parameters(wider, file, "memory"), Error);
  Network deeper = make_network(NetworkSpec::parse("5, 4, 4"), 3, 3, DType::f32);
  EXPECT_THROW(load_parameters(deeper, file, "memory"), Error);
}

// Changes the metadata or the tensors of the model's file, which is then loaded.
using Change = std::function<void(Json& metadata, SafetensorsFile& file)>;

std::string refusal(const Model& model, const Change& change) {
  const std::string bytes = bytes_of(model);
  SafetensorsFile file = parse_safetensors(std::as_bytes(std::span(bytes)), "memory");
  Json metadata = Json::parse(file.metadata.at("hillock"));
  change(metadata, file);
  if (file.metadata.contains("hillock")) file.metadata["hillock"] = metadata.dump();
  try {
    (void)model_from(file, "memory");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

Tensor& tensor(SafetensorsFile& file, const std::string& name) {
  for (NamedTensor& item : file.tensors) {
    if (item.name == name) return item.tensor;
  }
  throw std::runtime_error(name);
}

struct Case {
  Change change;
  std::string says;  // a part of the message
};

TEST(Model, RefusesMetadataThatDoNotFit) {
  const std::vector<Case> cases{
      {[](Json&, SafetensorsFile& file) { file.metadata.clear(); }, "is not a Hillock model"},
      {[](Json& json, SafetensorsFile&) { json["format"] = 7; },
       "is a model of format 7, this program reads formats up to 6"},
      {[](Json& json, SafetensorsFile&) { json["format"] = "1"; }, "\"format\" is not a whole number"},
      {[](Json& json, SafetensorsFile&) { json = Json::array(); }, "it is not an object"},
      {[](Json& json, SafetensorsFile&) { json.erase("network"); }, "\"network\" is missing"},
      {[](Json& json, SafetensorsFile&) { json["network"]["spec"] = "dense many"; }, "\"network.spec\""},
      {[](Json& json, SafetensorsFile&) { json["network"]["spec"] = "dense 6 tanh, dense 4 relu"; },
       "its tensors hold"},
      {[](Json& json, SafetensorsFile&) { json["network"]["spec"] = "dense 1000000 tanh, dense 1000000 relu"; },
       "its tensors hold"},
      {[](Json& json, SafetensorsFile&) { json["network"]["inputs"] = 2; }, "3 columns that make 3 inputs for 2"},
      {[](Json& json, SafetensorsFile&) { json["network"]["inputs"] = -1; },
       "\"network.inputs\" is not a whole number"},
      {[](Json& json, SafetensorsFile&) { json["network"]["inputs"] = 1e300; },
       "\"network.inputs\" is not a whole number"},
      {[](Json& json, SafetensorsFile&) { json["network"]["outputs"] = 18446744073709551615u; },
       "\"network.outputs\" is not"},
      {[](Json& json, SafetensorsFile&) { json["network"]["outputs"] = 4; }, "3 classes for 4 outputs"},
      {[](Json& json, SafetensorsFile&) { json["network"]["output"] = "sigmoid"; },
       "the loss cross-entropy with the output sigmoid"},
      {[](Json& json, SafetensorsFile&) { json["dtype"] = "i32"; }, "\"dtype\" is i32"},
      {[](Json& json, SafetensorsFile&) { json["dtype"] = "f64"; }, "is f32 in a model of f64"},
      {[](Json& json, SafetensorsFile&) {
         json["layout"]["sample_shape"] = {2, 2};
       },
       "rows of [2, 2] for 3 columns"},
      {[](Json& json, SafetensorsFile&) { json["layout"]["sample_shape"] = {-3}; }, "not an extent"},
      {[](Json& json, SafetensorsFile&) { json["layout"]["weight"] = "out,in"; }, "keeps its weights as \"out,in\""},
      {[](Json& json, SafetensorsFile&) { json["columns"][1] = 5; }, "\"columns\" holds something that is not a text"},
      {[](Json& json, SafetensorsFile&) { json["columns"][1] = "a"; }, "two columns have one name"},
      {[](Json& json, SafetensorsFile&) {
         json["classes"] = {"x", "y"};
       },
       "2 classes for 3 outputs"},
      {[](Json& json, SafetensorsFile&) { json["task"] = "regression"; }, "3 classes for 3 outputs"},
      {[](Json& json, SafetensorsFile&) { json["loss"]["name"] = "hnge"; }, "\"loss.name\""},
      {[](Json& json, SafetensorsFile&) { json["loss"]["label_smoothing"] = 2; }, "label smoothing"},
      {[](Json& json, SafetensorsFile&) {
         json["loss"] = {{"name", "quantile"}, {"label_smoothing", 0.0}, {"parameter", 1.5}};
       },
       "out of range"},
      {[](Json& json, SafetensorsFile&) {
         json["loss"] = {{"name", "huber"}, {"label_smoothing", 0.0}};
       },
       "\"loss.parameter\" is missing"},
      {[](Json& json, SafetensorsFile&) {
         json["loss"] = {{"name", "hinge"}, {"label_smoothing", 0.0}};
       },
       "the loss hinge with the output"},
      {[](Json& json, SafetensorsFile&) { json["preprocessing"]["features"] = "log"; }, "\"preprocessing.features\""},
      {[](Json& json, SafetensorsFile&) { json["preprocessing"]["target"] = "standard"; }, "classes are scaled"},
      {[](Json& json, SafetensorsFile&) { json["training"] = 3; }, "\"training\" is not an object"},
      {[](Json& json, SafetensorsFile&) {
         for (int i = 0; i < 100; ++i) json["training"] = Json{{"deeper", json["training"]}};
       },
       "nested more than 16 deep"},
  };
  const Model model = classifier(DType::f32);
  for (const Case& item : cases) {
    const std::string message = refusal(model, item.change);
    EXPECT_NE(message.find(item.says), std::string::npos) << "expected: " << item.says << "\ngot: " << message;
    EXPECT_TRUE(message.starts_with("memory: ")) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_NE(message.find("; "), std::string::npos) << message;
  }
}

TEST(Model, RefusesTensorsThatDoNotFit) {
  const std::vector<Case> cases{
      {[](Json&, SafetensorsFile& file) { tensor(file, "dense1.weight").set(0, NAN); },
       "tensor \"dense1.weight\" holds a value that is not finite"},
      {[](Json&, SafetensorsFile& file) { tensor(file, "output.bias").set(0, INFINITY); },
       "\"output.bias\" holds a value"},
      {[](Json&, SafetensorsFile& file) { tensor(file, "preprocessing.offset").set(0, NAN); },
       "\"preprocessing.offset\" holds"},
      {[](Json&, SafetensorsFile& file) { tensor(file, "preprocessing.factor").set(0, 0); },
       "\"preprocessing.factor\" holds a zero"},
      {[](Json&, SafetensorsFile& file) {
         tensor(file, "preprocessing.factor") = Tensor(TensorType{DType::f32, Shape{3}, {}});
       },
       "is f32[3] instead of f64[3]"},
      {[](Json&, SafetensorsFile& file) {
         tensor(file, "preprocessing.offset") = Tensor(TensorType{DType::f64, Shape{2}, {}});
       },
       "is f64[2] instead of f64[3]"},
      {[](Json&, SafetensorsFile& file) {
         tensor(file, "dense1.weight") = Tensor(TensorType{DType::f32, Shape{5, 3}, {}});
       },
       "tensor \"dense1.weight\" is f32[5, 3] where the network has [3, 5]"},
      {[](Json&, SafetensorsFile& file) {
         tensor(file, "dense1.bias") = Tensor(TensorType{DType::f32, Shape{6}, {}});
       },
       "its tensors hold"},
      {[](Json&, SafetensorsFile& file) {
         std::erase_if(file.tensors, [](const NamedTensor& item) { return item.name == "output.bias"; });
       },
       "its tensors hold"},
      {[](Json&, SafetensorsFile& file) { file.tensors[3].name = "other"; },
       "tensor \"other\" is not part of its network"},
      {[](Json&, SafetensorsFile& file) {
         std::erase_if(file.tensors, [](const NamedTensor& item) { return item.name == "preprocessing.factor"; });
       },
       "tensor \"preprocessing.factor\" is missing"},
  };
  const Model model = classifier(DType::f32);
  for (const Case& item : cases) {
    const std::string message = refusal(model, item.change);
    EXPECT_NE(message.find(item.says), std::string::npos) << "expected: " << item.says << "\ngot: " << message;
  }
}

// Whichever byte of a model file is changed, loading either refuses it or gives a model that predicts.
TEST(Model, SurvivesAnyChangedByte) {
  const std::string bytes = bytes_of(regressor());
  const Tensor rows = some_rows(2, DType::f32);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {0x01, 0x20, 0x80}) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      try {
        (void)parse(changed).predict(rows);
      } catch (const Error& error) {
        EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << i;
      }
    }
  }
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW((void)parse(bytes.substr(0, size)), Error) << size;
}

// A model of a numeric and a categorical column, both with missing cells.
Model mixed_model() {
  Dataset train;
  train.columns = {"age", "job"};
  train.categories = {{}, {"clerk", "cook"}};
  const double missing = std::numeric_limits<double>::quiet_NaN();
  train.features = Tensor::from<float>(
      Shape{3, 2}, std::vector<float>{30, 0, static_cast<float>(missing), 1, 40, static_cast<float>(missing)});
  Model model{.network = make_network(NetworkSpec::parse("dense 3 tanh"), 5, 1, DType::f32),
              .spec = NetworkSpec::parse("dense 3 tanh"),
              .task = Task::regression,
              .target = "y",
              .columns = train.columns,
              .classes = {},
              .sample_shape = Shape{2},
              .features = fit_scaler(Scale::standard, train),
              .encoding = Encoding::fit(train),
              .missing_tokens = std::vector<std::string>{"none", "-9"},
              .targets = {},
              .loss = nn::LossKind::mse};
  model.spec.output = nn::Activation::identity;
  model.network.initialize(5);
  return model;
}

TEST(Model, KeepsCategoriesAndMissingCells) {
  const Model model = mixed_model();
  const std::string bytes = bytes_of(model);
  const Model again = parse_model(std::as_bytes(std::span(bytes)), "memory");
  EXPECT_EQ(again.encoding.columns[1].categories, (std::vector<std::string>{"clerk", "cook"}));
  EXPECT_TRUE(again.encoding.columns[0].missing);
  EXPECT_EQ(again.encoding.fill, model.encoding.fill);
  EXPECT_EQ(again.missing_tokens, model.missing_tokens);
  const float missing = std::numeric_limits<float>::quiet_NaN();
  // the category of the last row is unknown to the model
  const std::vector<float> rows{31, 0, missing, 1, 29, missing, 50, 2};
  const Tensor table = Tensor::from<float>(Shape{4, 2}, rows);
  const Tensor expected = model.predict(table);
  EXPECT_EQ(again.predict(table).values<float>()[3], expected.values<float>()[3]);
  std::vector<float> out(4);
  ModelPredictor(again, 3).predict(rows, out);
  EXPECT_EQ(out, std::vector<float>(expected.values<float>().begin(), expected.values<float>().end()));
  EXPECT_EQ(again.read_options().expected_categories[1].size(), 2u);
}

// How numbers are written in a model's files makes it one of format 6; without it, it stays what it was.
TEST(Model, KeepsTheFormatsOfNumbers) {
  Model model = mixed_model();
  EXPECT_NE(model_metadata(model).find("\"format\":2"), std::string::npos);
  EXPECT_EQ(model_metadata(model).find("formats"), std::string::npos);
  model.formats = {{"age", {.thousands = ",", .prefix = "$", .magnitudes = true, .missing = {"old"}}},
                   {"y", {.decimal = ',', .thousands = ".", .suffix = "kg", .texts_missing = true}}};
  EXPECT_NE(model_metadata(model).find("\"format\":6"), std::string::npos);
  const std::string bytes = bytes_of(model);
  const Model again = parse_model(std::as_bytes(std::span(bytes)), "memory");
  EXPECT_EQ(again.formats, model.formats);
  EXPECT_EQ(again.read_options().expected_formats, model.formats);
  EXPECT_EQ(convert(model, DType::f64).formats, model.formats);
  ModelPredictor predictor(again);
  EXPECT_EQ(predictor.predict({{"age", "$1,500"}}).value, predictor.predict({{"age", 1500}}).value);
  EXPECT_EQ(predictor.predict({{"age", "1.5k"}}).value, predictor.predict({{"age", 1500}}).value);
  EXPECT_EQ(predictor.predict({{"age", "Old"}}).value, predictor.predict({}).value);
}

TEST(Model, RefusesFormatsThatMakeNoSense) {
  Model model = mixed_model();
  const auto fault = [&](const NumberFormats& formats) {
    model.formats = formats;
    return error_of([&] { require_savable(model, "m"); });
  };
  EXPECT_NE(fault({{"weight", {}}}).find("of none"), std::string::npos);
  EXPECT_NE(fault({{"age", {.decimal = ';'}}}).find("the decimal mark of column \"age\""), std::string::npos);
  EXPECT_NE(fault({{"age", {.thousands = "."}}}).find("the thousands mark of column \"age\""), std::string::npos);
  EXPECT_EQ(fault({{"age", {.thousands = " "}}}), "");
}

// The same with an embedding of the jobs.
Model embedded_model() {
  Model model = mixed_model();
  model.encoding.columns[1].embedding = 2;
  model.network = make_network(model.spec, 4, 1, DType::f32, model.encoding.embeddings());
  model.network.initialize(5);
  return model;
}

TEST(Model, KeepsEmbeddings) {
  const Model model = embedded_model();
  const std::string bytes = bytes_of(model);
  const Model again = parse_model(std::as_bytes(std::span(bytes)), "memory");
  EXPECT_EQ(again.encoding.embeddings(), model.encoding.embeddings());
  const float missing = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> rows{31, 0, missing, 1, 29, missing, 50, 2};
  const Tensor expected = model.predict(Tensor::from<float>(Shape{4, 2}, rows));
  std::vector<float> out(4);
  ModelPredictor(again, 3).predict(rows, out);
  EXPECT_EQ(out, std::vector<float>(expected.values<float>().begin(), expected.values<float>().end()));
  const Model wide = convert(again, DType::f64);
  EXPECT_NEAR(wide.predict(Tensor::from<float>(Shape{4, 2}, rows)).at(0), out[0], 1e-6);  // f32 keeps at least 6 digits
}

TEST(Model, RefusesEmbeddingsThatDoNotFit) {
  using ChangeEncoding = std::function<void(Json&)>;
  const std::vector<std::pair<ChangeEncoding, std::string>> cases{
      {[](Json& json) { json["embeddings"]["age"] = 2; }, "column \"age\" is embedded without categories"},
      {[](Json& json) { json["embeddings"]["height"] = 2; }, "names a column \"height\" of none"},
      {[](Json& json) { json["embeddings"]["job"] = 0; }, "is not a whole number from 1 to 1048576"},
      {[](Json& json) { json["embeddings"]["job"] = 3; }, "which is not what its network"},
      {[](Json& json) { json["embeddings"]["job"] = 1048576; }, "which is not what its network"},
      {[](Json& json) { json.erase("embeddings"); }, "2 columns that make 5 inputs for 4"}};
  for (const auto& item : cases) {
    const std::string message =
        refusal(embedded_model(), [&](Json& json, SafetensorsFile&) { item.first(json["preprocessing"]["encoding"]); });
    EXPECT_NE(message.find(item.second), std::string::npos) << item.second << "\n" << message;
  }
}

TEST(Model, RefusesEncodingsThatDoNotFit) {
  using ChangeEncoding = std::function<void(Json&)>;
  const std::vector<std::pair<ChangeEncoding, std::string>> cases{
      {[](Json& json) { json["missing"].push_back("height"); }, "names a column \"height\" of none"},
      {[](Json& json) { json["categories"]["job"] = Json::array(); }, "column \"job\" has no categories"},
      {[](Json& json) {
         json["categories"]["job"] = {"cook", "cook"};
       },
       "two categories have one name"},
      {[](Json& json) { json["categories"]["job"].push_back("smith"); }, "2 columns that make 6 inputs for 5"},
      {[](Json& json) { json["missing"] = "age"; }, "is not a list"}};
  for (const auto& item : cases) {
    const std::string message =
        refusal(mixed_model(), [&](Json& json, SafetensorsFile&) { item.first(json["preprocessing"]["encoding"]); });
    EXPECT_NE(message.find(item.second), std::string::npos) << item.second << "\n" << message;
  }
}

}  // namespace
}  // namespace hillock

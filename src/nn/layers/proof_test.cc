// Properties that every layer in a network's text must have, checked on the example in its record: its text, its
// shapes, its gradient by finite differences, the same bits however it is computed, and files. A layer without an
// example fails.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "core/random.h"
#include "hillock/layer.h"
#include "hillock/model.h"
#include "hillock/naive.h"
#include "hillock/network.h"
#include "hillock/plan.h"
#include "hillock/replicas.h"
#include "hillock/session.h"
#include "hillock/trace.h"
#include "hillock/train.h"
#include "train/step_graph.h"

namespace hillock {
namespace {

constexpr std::int64_t kInputs = 4;

std::vector<std::string> words() {
  std::vector<std::string> result;
  for (const nn::LayerRecord* record : nn::registered_layers()) {
    if (record->has_text) result.emplace_back(record->word);
  }
  return result;
}

class LayerProof : public ::testing::TestWithParam<std::string> {
 protected:
  const nn::LayerRecord& record() const { return *nn::find_layer(GetParam()); }
  std::string example() const { return std::string(record().example); }
  // The layer occurs twice, so that the second needs a name of its own, with layers that learn before and behind it.
  NetworkSpec spec() const {
    return NetworkSpec::parse(fmt::format("dense 4 tanh, {0}, dense 4 tanh, {0}, output identity", example()));
  }
  Network network(DType dtype, std::uint64_t seed = 1) const {
    Network made = make_network(spec(), kInputs, 2, dtype);
    made.initialize(seed);
    return made;
  }
};

Tensor draw(DType dtype, Shape shape, std::uint64_t seed) {
  PhiloxStream random(seed, "rows");
  Tensor tensor(TensorType{dtype, shape, {}});
  for (std::int64_t i = 0; i < tensor.elements(); ++i) tensor.set(i, random.normal());
  return tensor;
}

bool same_bits(const Tensor& x, const Tensor& y) {
  return x.type() == y.type() && std::memcmp(x.raw(), y.raw(), x.bytes()) == 0;
}

StepOptions step_options() { return {.loss = nn::loss(nn::LossKind::mse), .optimizer = adam()}; }

TEST_P(LayerProof, ItsTextIsReadBack) {
  ASSERT_FALSE(example().empty()) << "give the record of " << GetParam() << " an example";
  const std::vector<nn::LayerSpec> specs = nn::parse_layers(example());
  ASSERT_EQ(specs.size(), 1u);
  EXPECT_EQ(specs[0].record, &record());
  EXPECT_EQ(nn::to_string(specs[0]), example());
  EXPECT_EQ(nn::parse_layers(nn::to_string(specs[0])), specs);
}

TEST_P(LayerProof, ItsShapesAreThoseThatItDescribes) {
  const std::vector<nn::LayerSpec> specs = nn::parse_layers(example());
  EXPECT_EQ(nn::shapes_of(specs, {kInputs}), std::vector<Shape>{{kInputs}});
  EXPECT_EQ(Network({.layer = nn::build_layers(specs), .input = {kInputs}}).outputs(), kInputs);
}

TEST_P(LayerProof, ItsGradientsAreThoseOfFiniteDifferences) {
  Network made = network(DType::f64);
  const Tensor in = draw(DType::f64, {3, kInputs}, 2), targets = draw(DType::f64, {3, 2}, 3);
  Tracer tracer(made, 3, targets.type(), {.step = step_options()});
  const StepTrace trace = tracer.run(in, targets, 1, 0.1, /*seed=*/5);
  EXPECT_GT(trace.audit.compared, made.parameter_count());  // what the layers return is compared too
  EXPECT_EQ(trace.audit.skipped, 0);
  EXPECT_LE(trace.audit.largest, 1e-9) << trace.audit.where;  // the accuracy of finite differences for random networks
  for (const TracedLayer& layer : trace.layers) {
    EXPECT_NE(layer.record, nullptr) << layer.name;
    for (const std::int64_t from : layer.from) EXPECT_NE(from, TracedLayer::kUnseen) << layer.name;
  }
}

// Ten steps of training, computed in different ways.
TEST_P(LayerProof, TrainsToTheSameBitsWithAnyThreadsAndFusedOrNot) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Tensor in = draw(dtype, {70, kInputs}, 2), targets = draw(dtype, {70, 2}, 3);
    std::vector<Tensor> ends;
    for (const bool fuse : {true, false}) {
      for (const int threads : {1, 3}) {
        Network made = network(dtype);
        StepOptions options = step_options();
        options.fuse = fuse;
        options.session.threads = threads;
        TrainingStep step(made, 70, targets.type(), options);
        for (std::int64_t k = 1; k <= 10; ++k) step.run(in, targets, k, 0.01, /*seed=*/4);
        ends.push_back(made.parameters());
      }
    }
    for (const Tensor& end : ends) EXPECT_TRUE(same_bits(end, ends[0])) << name_of(dtype);
  }
}

TEST_P(LayerProof, PlannedIsNaive) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    Network made = network(dtype);
    const Tensor in = draw(dtype, {9, kInputs}, 2), targets = draw(dtype, {9, 2}, 3);
    StepOptions options = step_options();
    options.optimizer = sgd();
    const StepGraph step = describe_step(made, 9, targets.type(), options);
    const Plan plan(step.graph, {.outputs = {step.loss, step.gradient}});
    Session session(plan, std::as_const(made).store());
    Tensor position(TensorType{DType::i64, {3}, {}}), numbers(step.graph.type(step.graph.inputs()[2]));
    position.set(0, 7);
    session.bind("features", in);
    session.bind("targets", targets);
    session.bind("numbers", numbers);
    session.bind("position", position);
    session.run();
    const NaiveRun naive =
        run_naive(step.graph, {{"features", in}, {"targets", targets}, {"numbers", numbers}, {"position", position}},
                  made.store());
    const Tensor gradient = naive.at(step.gradient);
    EXPECT_EQ(std::memcmp(session.output(1), gradient.raw(), gradient.bytes()), 0) << name_of(dtype);
    EXPECT_EQ(session.scalar(0), naive.at(step.loss).at(0)) << name_of(dtype);
  }
}

TEST_P(LayerProof, ARowAloneHasTheBitsThatItHasInABatch) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Network made = network(dtype);
    const Tensor rows = draw(dtype, {37, kInputs}, 2), together = predict(made, rows);
    const auto expect_alone = [&]<class T>(T) {
      Predictor one(made, 1);
      const std::size_t in = rows.values<T>().size() / 37, out = together.values<T>().size() / 37;
      for (std::size_t row = 0; row < 37; ++row) {
        const std::span<const T> alone = one.predict(rows.values<T>().subspan(row * in, in));
        EXPECT_TRUE(std::ranges::equal(alone, together.values<T>().subspan(row * out, out))) << row;
      }
    };
    dtype == DType::f32 ? expect_alone(float{}) : expect_alone(double{});
  }
}

TEST_P(LayerProof, ReplicasHaveTheBitsOfTrainingsAlone) {
  Network made = network(DType::f32);
  const Tensor in = draw(DType::f32, {20, kInputs}, 2), targets = draw(DType::f32, {20, 2}, 3);
  ReplicaSet set{
      .network = &made, .options = {.step = step_options(), .epochs = 3, .batch_size = 8, .rate = 0.05}, .starts = {}};
  for (std::uint64_t seed = 0; seed < 9; ++seed) {
    made.initialize(seed);
    set.starts.push_back({.parameters = made.parameters(), .seed = seed, .train = {&in, &targets}, .validation = {}});
  }
  const std::vector<ReplicaResult> results = train_replicas(std::vector{set})[0];
  for (std::size_t k = 0; k < results.size(); ++k) {
    made.parameters() = set.starts[k].parameters;
    TrainOptions options = set.options;
    options.seed = k;
    Trainer(made, options).fit(set.starts[k].train);
    EXPECT_TRUE(same_bits(results[k].parameters, made.parameters())) << k;
    EXPECT_TRUE(results[k].side_by_side) << k;
  }
}

TEST_P(LayerProof, AFileGivesItBack) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    Model model{.network = network(dtype),
                .spec = spec(),
                .task = Task::regression,
                .target = "y",
                .columns = {"a", "b", "c", "d"},
                .classes = {},
                .sample_shape = {kInputs},
                .features = {},
                .targets = {},
                .loss = nn::LossKind::mse};
    model.network = make_network(spec(), kInputs, 1, dtype);
    model.network.initialize(3);
    const std::string path = ::testing::TempDir() + "layer_" + GetParam() + ".safetensors";
    save_model(path, model);
    const Model loaded = load_model(path);
    EXPECT_EQ(loaded.spec, model.spec);
    EXPECT_NE(model_metadata(loaded).find("\"format\":1,"), std::string::npos);  // no layer needs a newer format
    const Tensor rows = draw(dtype, {5, kInputs}, 2);
    EXPECT_TRUE(same_bits(loaded.predict(rows), model.predict(rows)));
    const DType other = dtype == DType::f32 ? DType::f64 : DType::f32;
    EXPECT_EQ(convert(loaded, other).spec, model.spec);
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, LayerProof, ::testing::ValuesIn(words()), [](const auto& test) {
  std::string name = test.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace hillock

// Traced steps equal training steps bit for bit, and gradients agree with finite differences in every kind of network.
#include "hillock/trace.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>

#include "core/random.h"
#include "hillock/error.h"
#include "hillock/model.h"
#include "hillock/op.h"
#include "hillock/ops.h"

namespace hillock {
namespace {

using nn::Activation;
using nn::LossKind;

// A random network with data that fit it.
struct Drawn {
  NetworkSpec spec;
  nn::NamedLoss loss;
  std::int64_t inputs = 1, outputs = 1, batch = 1;
  Tensor features, targets, weights;  // half of the networks have weights
  std::string optimizer;
  double clip_norm = 0;

  const Tensor* row_weights() const { return weights.raw() == nullptr ? nullptr : &weights; }

  std::string to_string() const {
    return fmt::format("{}, {}, batch {}, {}, norm {}{}", spec.to_string(), nn::to_string(loss), batch, optimizer,
                       clip_norm, weights.raw() == nullptr ? "" : ", weighted");
  }
};

std::int64_t between(PhiloxStream& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
}

template <class T, std::size_t N>
T one_of(PhiloxStream& random, const std::array<T, N>& items) {
  return items[random.below(N)];
}

NetworkSpec draw_layers(PhiloxStream& random) {
  constexpr std::array kActivations{Activation::identity,   Activation::sigmoid, Activation::tanh,    Activation::relu,
                                    Activation::leaky_relu, Activation::elu,     Activation::selu,    Activation::gelu,
                                    Activation::silu,       Activation::mish,    Activation::softplus};
  NetworkSpec spec;
  for (std::int64_t k = between(random, 0, 3); k > 0; --k) {
    const auto add = [&](const std::string& text) { spec.hidden.push_back(nn::parse_layers(text)[0]); };
    const std::int64_t units = between(random, 1, 9);
    add(fmt::format("dense {} {}", units, nn::name_of(one_of(random, kActivations))));
    if (random.below(4) == 0) add("dropout 0.3");
    if (random.below(6) == 0) add(std::string(nn::name_of(one_of(random, kActivations))));
  }
  return spec;
}

void draw_head(PhiloxStream& random, Drawn& drawn) {
  constexpr std::array kLosses{LossKind::mse,      LossKind::sse,      LossKind::mae,           LossKind::huber,
                               LossKind::quantile, LossKind::logistic, LossKind::cross_entropy, LossKind::hinge};
  constexpr std::array kOutputs{Activation::identity, Activation::sigmoid, Activation::tanh, Activation::softplus,
                                Activation::softmax};
  drawn.loss.kind = one_of(random, kLosses);
  drawn.loss.parameter = nn::default_parameter(drawn.loss.kind);
  drawn.outputs = between(random, drawn.loss.kind == LossKind::cross_entropy ? 2 : 1, 4);
  drawn.spec.output = nn::required_output(drawn.loss.kind).value_or(one_of(random, kOutputs));
}

void draw_data(PhiloxStream& random, Drawn& drawn) {
  drawn.features = Tensor(TensorType{DType::f64, {drawn.batch, drawn.inputs}, {}});
  for (double& x : drawn.features.values<double>()) x = random.normal();
  if (nn::required_output(drawn.loss.kind)) {
    const std::int64_t classes = std::max<std::int64_t>(2, drawn.outputs);
    drawn.targets = Tensor(TensorType{DType::i32, {drawn.batch}, IntegerRange{0, classes}});
    for (std::int32_t& t : drawn.targets.values<std::int32_t>()) {
      t = static_cast<std::int32_t>(between(random, 0, classes - 1));
    }
  } else {
    drawn.targets = Tensor(TensorType{DType::f64, {drawn.batch, drawn.outputs}, {}});
    for (double& t : drawn.targets.values<double>()) t = random.normal();
  }
}

Drawn draw(std::uint64_t seed) {
  PhiloxStream random(seed, "random network");
  Drawn drawn;
  drawn.spec = draw_layers(random);
  drawn.inputs = between(random, 1, 6);
  drawn.batch = between(random, 1, 5);
  draw_head(random, drawn);
  draw_data(random, drawn);
  constexpr std::array kOptimizers{"sgd", "momentum", "nesterov", "adam", "adamw", "nadam", "adagrad", "rmsprop"};
  drawn.optimizer = one_of(random, kOptimizers);
  drawn.clip_norm = one_of(random, std::array{0.0, 0.0, 0.1, 1.0});
  if (random.below(2) == 0) {
    drawn.weights = Tensor(TensorType{DType::f64, {drawn.batch}, {}});
    for (double& w : drawn.weights.values<double>()) w = random.below(5) == 0 ? 0 : random.uniform(0, 3);
  }
  return drawn;
}

Network network_of(const Drawn& drawn, std::uint64_t seed, DType dtype = DType::f64) {
  Network network = make_network(drawn.spec, drawn.inputs, drawn.outputs, dtype);
  network.initialize(seed, {}, nn::Initializer{.kind = nn::Initializer::Kind::normal, .scale = 0.5});
  return network;
}

StepOptions step_options(const Drawn& drawn) {
  return {.loss = nn::loss(drawn.loss.kind, {.parameter = drawn.loss.parameter}),
          .optimizer = optimizer_from_name(drawn.optimizer, {.weight_decay = 0.01}),
          .clip_norm = drawn.clip_norm,
          .weighted = drawn.row_weights() != nullptr};
}

std::vector<double> block_of(const Network& network) {
  const auto values = network.parameters().values<double>();
  return {values.begin(), values.end()};
}

// `hillock trace` promises 1e-6; the errors of Ridders' differences for functions of this size are 1e-9 at most.
TEST(Trace, AgreesWithFiniteDifferencesInRandomNetworks) {
  std::int64_t compared = 0, kinks = 0, skipped = 0;
  double largest = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Drawn drawn = draw(seed);
    Network network = network_of(drawn, seed);
    Tracer tracer(network, drawn.batch, drawn.targets.type(), {.step = step_options(drawn)});
    for (std::int64_t step = 1; step <= 2; ++step) {
      const StepTrace trace = tracer.run(drawn.features, drawn.targets, step, 0.01, seed, 0, drawn.row_weights());
      EXPECT_LE(trace.audit.largest, 1e-6) << seed << ": " << drawn.to_string() << "; " << trace.audit.where;
      EXPECT_GE(trace.audit.compared, network.parameter_count() - trace.audit.kinks) << drawn.to_string();
      compared += trace.audit.compared;
      kinks += trace.audit.kinks;
      skipped += trace.audit.skipped;
      largest = std::max(largest, trace.audit.largest);
    }
  }
  RecordProperty("largest", fmt::format("{:.3g} of {}, {} kinks", largest, compared, kinks));
  EXPECT_EQ(skipped, 0);
  EXPECT_GT(compared, 10'000);
  // They come from relu and similar activations after dropout, whose zeros are exactly at the kink.
  EXPECT_LT(kinks, compared / 100);
}

// Watching adds no node to the graph; the plan only has more outputs.
TEST(Trace, WatchesTheGraphThatTrains) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Drawn drawn = draw(seed);
    Network network = network_of(drawn, seed);
    StepOptions options = step_options(drawn);
    const TrainingStep plain(network, drawn.batch, drawn.targets.type(), options);
    options.watch = true;
    const TrainingStep watched(network, drawn.batch, drawn.targets.type(), options);
    EXPECT_EQ(watched.graph().to_string(), plain.graph().to_string()) << drawn.to_string();
    EXPECT_GT(watched.plan().outputs().size(), plain.plan().outputs().size());
  }
}

TEST(Trace, TakesTheStepsOfTrainingToTheBit) {
  int clipped = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Drawn drawn = draw(seed);
    Network traced = network_of(drawn, seed), trained = network_of(drawn, seed);
    Tracer tracer(traced, drawn.batch, drawn.targets.type(), {.step = step_options(drawn)});
    TrainingStep step(trained, drawn.batch, drawn.targets.type(), step_options(drawn));
    for (std::int64_t number = 1; number <= 3; ++number) {
      const StepTrace trace = tracer.run(drawn.features, drawn.targets, number, 0.05, seed, 0, drawn.row_weights());
      const double loss = step.run(drawn.features, drawn.targets, number, 0.05, seed, 0, drawn.weights);
      clipped += trace.clip_factor < 1 ? 1 : 0;
      EXPECT_EQ(trace.loss, loss) << drawn.to_string();
      EXPECT_EQ(block_of(traced), block_of(trained)) << drawn.to_string();
      for (const TracedParameter& parameter : trace.parameters) {
        const Tensor after = trained.parameter(parameter.name);
        EXPECT_EQ(std::memcmp(after.raw(), parameter.after.raw(), after.bytes()), 0) << drawn.to_string();
      }
    }
  }
  EXPECT_GE(clipped, 10);
}

// By hand: p = w x = 2, E = ½ ω (p − t)² with ω = 3, ∂E/∂w = 3 · 2 · 1 = 6, and the same for ∂E/∂b: ‖∂E‖ = 6 √2.
// Clipped to norm 1, each is 6 / (6 √2 + 1e-6); the rate 0.5 subtracts half of it from w = 2 and b = 0.
TEST(Trace, ShowsTheNormOfAGradientAndWhatClippingLeaves) {
  Network network = make_network(NetworkSpec::parse(""), 1, 1, DType::f64);
  network.set_parameter("output.weight", Tensor::from<double>({1, 1}, {2}));
  const Tensor x = Tensor::from<double>({1, 1}, {1}), t = Tensor::from<double>({1, 1}, {0}),
               weights = Tensor::from<double>({1}, {3});
  Tracer tracer(network, 1, t.type(),
                {.step = {.loss = nn::loss(LossKind::sse), .optimizer = sgd(), .clip_norm = 1, .weighted = true}});
  const StepTrace trace = tracer.run(x, t, 1, 0.5, 0, 0, &weights);
  EXPECT_EQ(trace.loss, 6);
  EXPECT_NEAR(trace.gradient_norm, 6 * std::sqrt(2.0), 1e-14);
  EXPECT_NEAR(trace.clip_factor, 1 / (6 * std::sqrt(2.0) + 1e-6), 1e-15);
  EXPECT_EQ(trace.parameters[0].before.gradient.at(0), 6);  // before clipping
  EXPECT_NEAR(network.parameter("output.weight").at(0), 2 - 3 / (6 * std::sqrt(2.0) + 1e-6), 1e-14);
  EXPECT_LE(trace.audit.largest, 1e-9);
}

// An op whose gradient is twice that of tanh: an audit must find it.
std::vector<Value> doubled(Graph& graph, NodeId id, std::span<const Value> dout) {
  return {ops::multiply(graph, find_op("tanh")->gradient(graph, id, dout)[0], 2)};
}

TEST(Trace, FindsAGradientThatIsWrong) {
  static const Op wrong_tanh = [] {
    Op op = *find_op("tanh");
    op.name = "wrong tanh";
    op.gradient = &doubled;
    return op;
  }();
  const nn::Layer own = [](nn::Scope& scope, Value in) {
    return scope.graph().apply(wrong_tanh, std::array<Value, 1>{in})[0];
  };
  Network network({.layer = nn::sequential({nn::dense(2), own, nn::dense(1)}), .input = {1}, .dtype = DType::f64});
  network.initialize(3);
  const Tensor x = Tensor::from<double>({1, 1}, {0.7}), t = Tensor::from<double>({1, 1}, {2});
  Tracer tracer(network, 1, t.type(), {.step = {.loss = nn::loss(LossKind::mse), .optimizer = sgd()}});
  const StepTrace trace = tracer.run(x, t, 1, 0.1);
  EXPECT_GT(trace.audit.largest, 0.1);
  EXPECT_TRUE(trace.audit.where.find("dense1") != std::string::npos) << trace.audit.where;
  for (const TracedParameter& parameter : trace.parameters) {
    if (!parameter.name.starts_with("dense2")) continue;  // these come after the wrong op
    for (std::int64_t i = 0; i < parameter.before.value.elements(); ++i) {
      EXPECT_LT(disagreement(parameter.before, i), 1e-9);
    }
  }
}

// An embedding is a layer before the first dense one, and its tables are parameters like others.
TEST(Trace, ShowsEmbeddings) {
  const nn::Layer layers =
      nn::sequential({nn::embed({{.categories = 3, .width = 2, .unknown = 0.3}}),
                      nn::dense(4, {.activation = Activation::tanh}), nn::dense(1, {.name = "output"})});
  Network network({.layer = layers, .input = {2}, .dtype = DType::f64});
  network.initialize(5);
  const Tensor x = Tensor::from<double>({4, 2}, {0.5, 0, -1, 2, 0.3, 2, 2, 3}),
               t = Tensor::from<double>({4, 1}, {1, 2, 3, 4});
  Tracer tracer(network, 4, t.type(), {.step = {.loss = nn::loss(LossKind::mse), .optimizer = adam()}});
  const StepTrace trace = tracer.run(x, t, 1, 0.1);
  ASSERT_EQ(trace.layers.size(), 3u);
  EXPECT_EQ(trace.layers[0].record->word, "embedding");
  EXPECT_EQ(trace.layers[0].a.value.shape(), Shape({4, 3}));
  EXPECT_EQ(trace.layers[1].in.at(0), 0.5);
  EXPECT_EQ(trace.parameters[0].name, "embedding1.weight");
  EXPECT_LE(trace.audit.largest, 1e-9);
  EXPECT_EQ(trace.audit.skipped, 0);
  double table = 0;
  for (std::int64_t i = 0; i < 6; ++i) table += std::abs(trace.parameters[0].before.gradient.at(i));
  EXPECT_GT(table, 0);
}

// relu at 0: the gradient is 0 by convention, while the difference quotient is half the slope above.
TEST(Trace, MarksKinksAndDoesNotCountThem) {
  Network network = make_network(NetworkSpec::parse("dense 2 relu"), 1, 1, DType::f64);
  network.set_parameter("dense1.weight", Tensor::from<double>({1, 2}, {1, -1}));
  network.set_parameter("output.weight", Tensor::from<double>({2, 1}, {1, 1}));
  const Tensor x = Tensor::from<double>({1, 1}, {0}), t = Tensor::from<double>({1, 1}, {1});
  Tracer tracer(network, 1, t.type(), {.step = {.loss = nn::loss(LossKind::sse), .optimizer = sgd()}});
  const StepTrace trace = tracer.run(x, t, 1, 0.1);
  // The two z and the two biases. Weights do not change z, since x is 0.
  EXPECT_EQ(trace.audit.kinks, 4);
  EXPECT_EQ(trace.layers[0].z.kink, (std::vector<std::uint8_t>{1, 1}));
  EXPECT_NEAR(trace.layers[0].z.difference[0], -0.5, 1e-5);
  EXPECT_EQ(trace.layers[0].z.gradient.at(0), 0);
  EXPECT_LT(trace.audit.largest, 1e-9);
}

TEST(Trace, TakesASampleOfManyParametersWithTheLargestGradients) {
  const Drawn drawn = draw(7);
  Network network = make_network(NetworkSpec::parse("dense 40 tanh"), drawn.inputs, drawn.outputs, DType::f64);
  network.initialize(1);
  Tracer tracer(network, drawn.batch, drawn.targets.type(),
                {.step = {.loss = nn::loss(LossKind::mse), .optimizer = sgd()}, .most_differences = 20, .largest = 3});
  const StepTrace trace = tracer.run(drawn.features, drawn.targets, 1, 0.1);
  EXPECT_GT(trace.audit.skipped, trace.audit.compared);
  for (const TracedParameter& parameter : trace.parameters) {
    const Traced& traced = parameter.before;
    for (const std::int64_t i : largest_elements(traced.gradient, 0, traced.gradient.elements(), 3)) {
      EXPECT_LT(disagreement(traced, i), 1e-6) << parameter.name;
    }
  }
}

// Textbook formulas call z and a = tanh(z) one layer, so "dense 3 identity, tanh" is traced as one. A loss that is
// computed from z has no gradient by p.
TEST(Trace, ShowsLayersAsTextbooksDo) {
  Network network =
      make_network(NetworkSpec::parse("dense 3 identity, tanh, dropout 0.5, output softmax"), 2, 3, DType::f64);
  network.initialize(1);
  const Tensor x = Tensor::from<double>({1, 2}, {1, 2});
  Tensor t(TensorType{DType::i32, {1}, IntegerRange{0, 3}});
  Tracer tracer(network, 1, t.type(), {.step = {.loss = nn::loss(LossKind::cross_entropy), .optimizer = sgd()}});
  const StepTrace trace = tracer.run(x, t, 1, 0.1);
  ASSERT_EQ(trace.layers.size(), 3u);
  EXPECT_EQ(trace.layers[0].name, "dense1");
  EXPECT_EQ(trace.layers[0].activation, Activation::tanh);
  EXPECT_NEAR(trace.layers[0].a.value.at(1), std::tanh(trace.layers[0].z.value.at(1)), 1e-15);
  EXPECT_EQ(trace.layers[1].record->word, "dropout");
  EXPECT_FALSE(trace.layers[1].z.has_value());
  EXPECT_EQ(trace.layers[2].name, "output");
  EXPECT_EQ(trace.layers[2].activation, Activation::softmax);
  EXPECT_TRUE(trace.layers[2].z.has_gradient());
  EXPECT_FALSE(trace.layers[2].a.has_gradient());
}

TEST(Trace, ChecksF32StepsWithDifferencesInF64) {
  Network network = make_network(NetworkSpec::parse("dense 4 tanh"), 2, 1, DType::f32);
  network.initialize(1);
  const Tensor x = Tensor::from<float>({1, 2}, {0.3f, -1.2f}), t = Tensor::from<float>({1, 1}, {0.7f});
  Tracer tracer(network, 1, t.type(), {.step = {.loss = nn::loss(LossKind::mse), .optimizer = adam()}});
  const StepTrace trace = tracer.run(x, t, 1, 0.1);
  EXPECT_GT(trace.audit.largest, 0);     // f32 is rounded
  EXPECT_LT(trace.audit.largest, 1e-6);  // a few units of 6e-8, for gradients below 3
}

TEST(Trace, RefusesWhatIsNoStep) {
  Network network = make_network(NetworkSpec::parse("dense 2 tanh"), 2, 1, DType::f64);
  const Tensor x = Tensor::from<double>({1, 2}, {1, 2}), t = Tensor::from<double>({1, 1}, {1});
  EXPECT_THROW(Tracer(network, 1, t.type(), {.step = {.loss = nn::loss(LossKind::mse), .optimizer = lbfgs()}}), Error);
  Tracer tracer(network, 1, t.type(), {.step = {.loss = nn::loss(LossKind::mse), .optimizer = sgd()}});
  EXPECT_THROW(tracer.run(t, t, 1, 0.1), Error);
  EXPECT_THROW(tracer.run(x, x, 1, 0.1), Error);
  const Tensor weights = Tensor::from<double>({1}, {2});
  EXPECT_THROW(tracer.run(x, t, 1, 0.1, 0, 0, &weights), Error);
  Tracer weighted(network, 1, t.type(),
                  {.step = {.loss = nn::loss(LossKind::mse), .optimizer = sgd(), .weighted = true}});
  EXPECT_THROW(weighted.run(x, t, 1, 0.1), Error);
  EXPECT_THROW(weighted.run(x, t, 1, 0.1, 0, 0, &x), Error);
}

}  // namespace
}  // namespace hillock

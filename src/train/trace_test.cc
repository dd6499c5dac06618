// Traced steps are training steps to the bit, and gradients agree with finite differences in every kind of network.
#include "hillock/trace.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>

#include "core/random.h"
#include "hillock/error.h"
#include "hillock/model.h"

namespace hillock {
namespace {

using nn::Activation;
using nn::LossKind;

// A network with data that fit it, drawn by a seed.
struct Drawn {
  NetworkSpec spec;
  nn::NamedLoss loss;
  std::int64_t inputs = 1, outputs = 1, batch = 1;
  Tensor features, targets;
  std::string optimizer;

  std::string to_string() const {
    return spec.to_string() + ", " + nn::to_string(loss) + ", batch " + std::to_string(batch) + ", " + optimizer;
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
  using Layer = NetworkSpec::LayerSpec;
  constexpr std::array kActivations{Activation::identity,   Activation::sigmoid, Activation::tanh,    Activation::relu,
                                    Activation::leaky_relu, Activation::elu,     Activation::selu,    Activation::gelu,
                                    Activation::silu,       Activation::mish,    Activation::softplus};
  NetworkSpec spec;
  for (std::int64_t k = between(random, 0, 3); k > 0; --k) {
    spec.hidden.push_back(
        {.kind = Layer::Kind::dense, .units = between(random, 1, 9), .activation = one_of(random, kActivations)});
    if (random.below(4) == 0) spec.hidden.push_back({.kind = Layer::Kind::dropout, .rate = 0.3});
    if (random.below(6) == 0) {
      spec.hidden.push_back({.kind = Layer::Kind::activation, .activation = one_of(random, kActivations)});
    }
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
  return drawn;
}

Network network_of(const Drawn& drawn, std::uint64_t seed, DType dtype = DType::f64) {
  Network network = make_network(drawn.spec, drawn.inputs, drawn.outputs, dtype);
  network.initialize(seed, {}, nn::Initializer{.kind = nn::Initializer::Kind::normal, .scale = 0.5});
  return network;
}

StepOptions step_options(const Drawn& drawn) {
  return {.loss = nn::loss(drawn.loss.kind, {.parameter = drawn.loss.parameter}),
          .optimizer = optimizer_from_name(drawn.optimizer, {.weight_decay = 0.01})};
}

std::vector<double> block_of(const Network& network) {
  const auto values = network.store().get("parameters").values<double>();
  return {values.begin(), values.end()};
}

// 1e-6 is the promise of `hillock trace`; Ridders' differences of functions of this size err by 1e-9 at most.
TEST(Trace, AgreesWithFiniteDifferencesInRandomNetworks) {
  std::int64_t compared = 0, kinks = 0, skipped = 0;
  double largest = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Drawn drawn = draw(seed);
    Network network = network_of(drawn, seed);
    Tracer tracer(network, drawn.batch, drawn.targets.type(), {.step = step_options(drawn)});
    for (std::int64_t step = 1; step <= 2; ++step) {
      const StepTrace trace = tracer.run(drawn.features, drawn.targets, step, 0.01, seed);
      EXPECT_LE(trace.audit.largest, 1e-6) << seed << ": " << drawn.to_string() << "; " << trace.audit.where;
      EXPECT_GE(trace.audit.compared, network.parameter_count() - trace.audit.kinks) << drawn.to_string();
      compared += trace.audit.compared;
      kinks += trace.audit.kinks;
      skipped += trace.audit.skipped;
      largest = std::max(largest, trace.audit.largest);
    }
  }
  std::printf("largest %.3g of %lld compared, %lld kinks\n", largest, static_cast<long long>(compared),
              static_cast<long long>(kinks));
  EXPECT_EQ(skipped, 0);
  EXPECT_GT(compared, 10'000);
  // They come from relu and its kin behind a dropout, whose zeros lie on the kink.
  EXPECT_LT(kinks, compared / 100);
}

TEST(Trace, TakesTheStepsOfTrainingToTheBit) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Drawn drawn = draw(seed);
    Network traced = network_of(drawn, seed), trained = network_of(drawn, seed);
    Tracer tracer(traced, drawn.batch, drawn.targets.type(), {.step = step_options(drawn)});
    TrainingStep step(trained, drawn.batch, drawn.targets.type(), step_options(drawn));
    for (std::int64_t number = 1; number <= 3; ++number) {
      const StepTrace trace = tracer.run(drawn.features, drawn.targets, number, 0.05, seed);
      const double loss = step.run(drawn.features.raw(), drawn.targets.raw(), number, 0.05, seed);
      EXPECT_EQ(trace.loss, loss) << drawn.to_string();
      EXPECT_EQ(block_of(traced), block_of(trained)) << drawn.to_string();
      for (const TracedParameter& parameter : trace.parameters) {
        const Tensor after = trained.parameter(parameter.name);
        EXPECT_EQ(std::memcmp(after.raw(), parameter.after.raw(), after.bytes()), 0) << drawn.to_string();
      }
    }
  }
}

}  // namespace
}  // namespace hillock

// What the plan of a dense network's training step consists of.
#include <gtest/gtest.h>

#include <vector>

#include "hillock/network.h"
#include "hillock/nn.h"
#include "hillock/optim.h"
#include "hillock/plan.h"
#include "hillock/train.h"

namespace hillock {
namespace {

struct Case {
  const char* name;
  std::vector<std::int64_t> widths;
  std::int64_t batch;
  nn::Activation hidden;
  nn::Activation output;
  nn::LossKind loss;
  Optimizer optimizer;
};

// This matters for speed: a chain that no entry of src/ops/fused_chains.cc matches is right, but runs op by op.
TEST(DenseTrainingStep, HasAKernelForEveryChainOfPointwiseOps) {
  using nn::Activation;
  using nn::LossKind;
  const std::vector<Case> cases{
      {"xor", {2, 4, 1}, 4, Activation::sigmoid, Activation::sigmoid, LossKind::mse, sgd()},
      {"xor, tanh, sse", {2, 4, 1}, 4, Activation::tanh, Activation::sigmoid, LossKind::sse, sgd({.momentum = 0.9})},
      {"digits", {64, 32, 10}, 32, Activation::relu, Activation::softmax, LossKind::cross_entropy, sgd()},
      {"digits, adam", {64, 32, 10}, 32, Activation::relu, Activation::softmax, LossKind::cross_entropy, adam()},
      {"quadratic", {784, 30, 10}, 10, Activation::sigmoid, Activation::sigmoid, LossKind::mse, sgd()},
      {"two classes", {30, 64, 64, 1}, 64, Activation::relu, Activation::sigmoid, LossKind::logistic, adam()},
      {"numbers", {8, 64, 1}, 64, Activation::relu, Activation::identity, LossKind::mse, adam()},
  };
  for (const Case& c : cases) {
    std::vector<nn::Layer> layers;
    for (std::size_t k = 1; k + 1 < c.widths.size(); ++k) {
      layers.push_back(nn::dense(c.widths[k], {.activation = c.hidden}));
    }
    layers.push_back(nn::dense(c.widths.back(), {.name = "output"}));
    Network network({.layer = nn::sequential(layers), .input = {c.widths.front()}, .output = c.output});
    network.initialize(1);
    TensorType targets{DType::f32, {c.batch, c.widths.back()}, {}};
    if (c.loss == LossKind::cross_entropy) targets = {DType::i32, {c.batch}, IntegerRange{0, c.widths.back()}};
    if (c.loss == LossKind::logistic) targets = {DType::i32, {c.batch}, IntegerRange{0, 2}};
    const TrainingStep step(network, c.batch, targets, {.loss = nn::loss(c.loss), .optimizer = c.optimizer});
    for (const Step& planned : step.plan().steps()) {
      if (!planned.is_program || planned.program.elements == 1) continue;
      const bool is_copy = planned.program.instructions.size() == 1 && planned.program.instructions[0].op == nullptr;
      EXPECT_TRUE(is_copy || planned.program.fused != nullptr) << c.name << ": " << planned.name << "\n"
                                                               << step.plan().to_string();
    }
  }
}

}  // namespace
}  // namespace hillock

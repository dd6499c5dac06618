// What the plan of a training step states: its ops, its reasons and whether it equals another plan. It also computes
// whether loss and gradient are finite.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "hillock/network.h"
#include "hillock/nn.h"
#include "hillock/optim.h"
#include "hillock/step.h"

namespace hillock {
namespace {

struct Choice {
  std::int64_t batch = 32;
  DType dtype = DType::f32;
  Optimizer optimizer = adam();
  nn::Activation hidden = nn::Activation::relu;
  std::string layer_name{};
  double clip_norm = 0;
  bool fuse = true;
};

// The plan of a training step of a 64-32-10 network, described from scratch.
Plan plan_of(const Choice& choice = {}) {
  Network network({.layer = nn::sequential({nn::dense(32, {.activation = choice.hidden, .name = choice.layer_name}),
                                            nn::dense(10, {.name = "output"})}),
                   .input = {64},
                   .output = nn::Activation::softmax,
                   .dtype = choice.dtype});
  const TensorType targets{DType::i32, {choice.batch}, IntegerRange{0, 10}};
  return TrainingStep(network, choice.batch, targets,
                      {.loss = nn::loss(nn::LossKind::cross_entropy),
                       .optimizer = choice.optimizer,
                       .clip_norm = choice.clip_norm,
                       .fuse = choice.fuse})
      .plan();
}

const Step& step_called(const Plan& plan, std::string_view name) {
  const auto found = std::ranges::find(plan.steps(), name, &Step::name);
  if (found == plan.steps().end()) throw std::runtime_error(plan.to_string());
  return *found;
}

TEST(PlanOfAStep, EqualsThatOfAnEqualNetworkDescribedSeparately) {
  EXPECT_EQ(plan_of(), plan_of());
  EXPECT_EQ(plan_of({.layer_name = "first"}), plan_of({.layer_name = "other"}));  // the names of layers change nothing
}

TEST(PlanOfAStep, DiffersInAllThatDecidesTheRun) {
  const Plan plan = plan_of();
  EXPECT_NE(plan, plan_of({.batch = 31}));
  EXPECT_NE(plan, plan_of({.dtype = DType::f64}));
  EXPECT_NE(plan, plan_of({.optimizer = sgd()}));
  EXPECT_NE(plan, plan_of({.optimizer = adam({.beta2 = 0.99})}));
  EXPECT_NE(plan, plan_of({.hidden = nn::Activation::tanh}));
  EXPECT_NE(plan, plan_of({.clip_norm = 1}));
  EXPECT_NE(plan, plan_of({.fuse = false}));
  EXPECT_NE(plan_of({.hidden = nn::Activation::leaky_relu}), plan_of({.hidden = nn::Activation::elu}));
}

TEST(PlanOfAStep, SaysWhatEachStepComputesAndWhyByThisKernel) {
  const Plan plan = plan_of();
  const std::string text = plan.to_string();
  for (const Step& step : plan.steps()) {
    EXPECT_FALSE(step.ops.empty()) << step.name;
    EXPECT_FALSE(step.reason_text().empty()) << step.name;
    EXPECT_EQ(step.in_types.size(), step.in.size()) << step.name;
    EXPECT_NE(text.find(": " + step.reason_text() + "\n"), std::string::npos) << step.name << "\n" << text;
  }
  const Step& loss = step_called(plan, "softmax_cross_entropy");
  EXPECT_EQ(loss.reason_text(), "10 columns: short rows side by side");
  EXPECT_EQ(loss.ops.front().op->name, "softmax_cross_entropy");
  EXPECT_EQ(step_called(plan, "fused(add, relu, less)").reason_text(), "fused chain bias + relu and its mask");
  const Step& product = step_called(plan, "matmul.tn");
  EXPECT_EQ(product.ops.front().attributes,
            (Attributes{{"transpose_a", std::int64_t{1}}, {"transpose_b", std::int64_t{0}}}));
  EXPECT_NE(text.find("matmul(transpose_a=1, transpose_b=0) f32[32, 32] f32[32, 10] -> f32[32, 10]: "),
            std::string::npos)
      << text;
}

TEST(PlanOfAStep, FindsOutWhetherLossAndGradientAreFiniteBeforeItWrites) {
  const Plan plan = plan_of();
  const auto is_flag = [](const Step& step) { return step.name == "all_finite"; };
  EXPECT_EQ(std::ranges::count_if(plan.steps(), is_flag), 1);
  const auto place = std::ranges::find_if(plan.steps(), is_flag) - plan.steps().begin();
  EXPECT_LT(static_cast<std::size_t>(place), plan.first_write());
  EXPECT_EQ(plan.outputs().back().type.dtype, DType::i32);
}

TEST(PlanOfAStep, IsMadeOfPartsThatCompareByteByByte) {
  static_assert(std::has_unique_object_representations_v<Location>);
  static_assert(std::has_unique_object_representations_v<KernelChoice>);
}

}  // namespace
}  // namespace hillock

// The targets that a loss uses, and one audit over several steps.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/error_testing.h"
#include "core/tensor_testing.h"
#include "hillock/model.h"
#include "hillock/trace.h"

namespace hillock {
namespace {

Tensor classes(const std::vector<std::int32_t>& numbers, std::int64_t count) {
  Tensor tensor(TensorType{DType::i32, {static_cast<std::int64_t>(numbers.size())}, IntegerRange{0, count}});
  for (std::size_t i = 0; i < numbers.size(); ++i) tensor.set(static_cast<std::int64_t>(i), numbers[i]);
  return tensor;
}

TEST(LossTargets, AreZeroAndOneForClassesAndNumbersAsTheyAre) {
  EXPECT_EQ(elements_of(loss_targets(classes({2, 0}, 3), 3)), (std::vector<double>{0, 0, 1, 1, 0, 0}));
  EXPECT_EQ(elements_of(loss_targets(classes({1, 0}, 2), 1)), (std::vector<double>{1, 0}))
      << "one output for two classes";
  EXPECT_EQ(elements_of(loss_targets(Tensor::from<double>({2, 1}, {3.5, -1}), 1)), (std::vector<double>{3.5, -1}));
}

// −1/B Σ t log p with these targets equals the loss in training.
TEST(LossTargets, AreSmoothedAsTheLossSmoothesThem) {
  constexpr double kSmoothing = 0.1;
  Network network = make_network(NetworkSpec::parse("dense 4 tanh, output softmax"), 2, 3, DType::f64);
  network.initialize(5);
  const Tensor features = Tensor::from<double>({4, 2}, {0.3, -1, 2, 0.5, -0.7, 1.1, 0, 0.2});
  const Tensor labels = classes({2, 0, 1, 2}, 3);
  const Tensor targets = loss_targets(labels, 3, kSmoothing), p = predict(network, features);
  EXPECT_EQ(targets.at(0), kSmoothing / 3);
  double loss = 0;
  for (std::int64_t i = 0; i < p.elements(); ++i) loss -= targets.at(i) * std::log(p.at(i)) / 4;
  const nn::Loss smoothed = nn::loss(nn::LossKind::cross_entropy, {.label_smoothing = kSmoothing});
  EXPECT_NEAR(loss, evaluate(network, smoothed, Examples{&features, &labels}).loss, 1e-14);
}

TEST(LossTargets, RefuseOtherShapes) {
  EXPECT_EQ(error_of([] {
              (void)loss_targets(Tensor::from<double>({2, 1}, {1, 2}), 2);
            }),
            "loss_targets: the targets are f64[2, 1] for 2 outputs; give i32 [batch] or floats [batch, 2]");
}

TEST(AuditOf, AddsCountsAndNamesTheStepOfTheLargestDisagreement) {
  std::vector<StepTrace> steps(2);
  steps[0].step = 1;
  steps[0].audit = {.largest = 1e-9, .where = "a", .compared = 5, .kinks = 1, .skipped = 2};
  steps[1].step = 2;
  steps[1].audit = {.largest = 3e-9, .where = "b", .compared = 7, .kinks = 0, .skipped = 4};
  const Audit both = audit_of(steps);
  EXPECT_EQ(both.largest, 3e-9);
  EXPECT_EQ(both.where, "b in step 2");
  EXPECT_EQ(both.compared, 12);
  EXPECT_EQ(both.kinks, 1);
  EXPECT_EQ(both.skipped, 6);
  steps.pop_back();
  EXPECT_EQ(audit_of(steps).where, "a") << "of one step there is no need to say which";
  EXPECT_EQ(audit_of({}).where, "");
}

}  // namespace
}  // namespace hillock

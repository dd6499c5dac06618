// The cost of gradients: what is counted, and that measuring changes nothing. Speed itself is not tested.
#include <gtest/gtest.h>

#include "core/error_testing.h"
#include "hillock/model.h"
#include "hillock/trace.h"

namespace hillock {
namespace {

TEST(GradientTimes, CountAPassForEachParameterAndLeaveThemAsTheyAre) {
  Network network = make_network(NetworkSpec::parse("dense 3 tanh, dropout 0.5"), 2, 1, DType::f64);
  network.initialize(7);
  const std::string before = parameters_sha256(network);
  const Tensor features = Tensor::from<double>({2, 2}, {1, -1, 0.5, 2}), targets = Tensor::from<double>({2, 1}, {1, 0}),
               weights = Tensor::from<double>({2}, {0.5, 1.5});
  const StepOptions options{.loss = nn::loss(nn::LossKind::mse), .optimizer = adam(), .weighted = true};
  const GradientTimes times = time_gradients(network, {&features, &targets, &weights}, options);
  EXPECT_EQ(times.parameters, 3 * 2 + 3 + 3 + 1);
  EXPECT_EQ(times.passes, times.parameters + 1);
  EXPECT_EQ(times.passes_run, times.passes);
  for (const double seconds : {times.forward, times.forward_backward, times.differences}) EXPECT_GT(seconds, 0);
  EXPECT_EQ(parameters_sha256(network), before);
}

TEST(GradientTimes, AreOfRowsThatFitAndALoss) {
  Network network = make_network(NetworkSpec::parse("dense 3 tanh"), 2, 1, DType::f64);
  network.initialize(7);
  const Tensor features = Tensor::from<double>({2, 2}, {1, -1, 0.5, 2}), targets = Tensor::from<double>({2, 1}, {1, 0}),
               narrow = Tensor::from<double>({2, 1}, {1, 2});
  const StepOptions options{.loss = nn::loss(nn::LossKind::mse), .optimizer = adam()};
  EXPECT_NE(error_of([&] {
              (void)time_gradients(network, {&features, &targets}, {});
            }).find("there is no loss"),
            std::string::npos);
  EXPECT_NE(error_of([&] {
              (void)time_gradients(network, {nullptr, &targets}, options);
            }).find("rows are missing"),
            std::string::npos);
  EXPECT_NE(error_of([&] {
              (void)time_gradients(network, {&narrow, &targets}, options);
            }).find("f64[2, 1]"),
            std::string::npos);
}

}  // namespace
}  // namespace hillock

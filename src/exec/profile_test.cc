// Times of steps: each step has one, with the limits that it is compared with. Speed itself is not tested.
#include "hillock/profile.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "hillock/ops.h"

namespace hillock {
namespace {

TEST(TimeSteps, GivesEveryStepItsTimeAndItsLeastTime) {
  Graph graph;
  const Value x = graph.input("x", {DType::f64, {4, 8}, {}});
  const Value labels = graph.input("labels", {DType::i32, {4}, IntegerRange{0, 3}});
  const Value w = graph.state("w", {DType::f64, {8, 3}, {}});
  const Value one_hot = ops::one_hot(graph, labels, 3, DType::f64);
  const Value loss = ops::softmax_cross_entropy(graph, ops::matmul(graph, x, w), one_hot).loss;
  const Plan plan(graph, {.outputs = {loss}});
  Store store;
  store.put("w", Tensor(TensorType{DType::f64, {8, 3}, {}}));

  const MachineLimits limits{.threads = 1,
                             .f32_flops_per_second = 1,
                             .f64_flops_per_second = 100,
                             .cache_bytes_per_second = 1000,
                             .memory_bytes_per_second = 10};
  const std::vector<StepTime> times = time_steps(plan, store, limits);
  ASSERT_EQ(times.size(), plan.steps().size());
  for (std::size_t k = 0; k < times.size(); ++k) {
    const Step& step = plan.steps()[k];
    const double flops_per_second = step.out_types[0].dtype == DType::f64 ? 100 : 1;
    const auto bytes = static_cast<double>(step.bytes_read + step.bytes_written);
    EXPECT_GT(times[k].seconds, 0) << step.name;
    EXPECT_DOUBLE_EQ(times[k].least_seconds, std::max(step.flops / flops_per_second, bytes / 1000)) << step.name;
  }
}

}  // namespace
}  // namespace hillock

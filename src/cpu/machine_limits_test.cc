// Limits of the machine: their figures are plausible and their arithmetic is right. Speed itself is not tested.
#include "cpu/machine_limits.h"

#include <gtest/gtest.h>

namespace hillock::cpu {
namespace {

// From a small board to a large server: 0.1 GFLOP/s (as sanitizers may have it) to 1 TFLOP/s a core, 0.05 GB/s to 1
// TB/s.
TEST(MachineLimits, ArePlausible) {
  for (DType dtype : {DType::f32, DType::f64}) {
    const double flops = peak_flops_per_second(dtype, 0.01);
    EXPECT_GT(flops, 1e8);
    EXPECT_LT(flops, 1e12);
  }
  for (int threads : {1, 2}) {
    const double bytes = triad_bytes_per_second(threads, 0.01);
    EXPECT_GT(bytes, 5e7);
    EXPECT_LT(bytes, 1e12);
    EXPECT_LT(triad_bytes_per_second(threads, 0.01, kArrayInCache), 1e13);
  }
}

TEST(MachineLimits, LeastSecondsAddsArithmeticAndMemory) {
  const MachineLimits limits{.threads = 2, .flops_per_second = 200e9, .bytes_per_second = 20e9};
  EXPECT_DOUBLE_EQ(limits.least_seconds(100e9, 0), 0.5);
  EXPECT_DOUBLE_EQ(limits.least_seconds(100e9, 5e9), 0.75);
}

}  // namespace
}  // namespace hillock::cpu

// Limits of the machine: the figures are plausible. Speed itself is not tested.
#include "hillock/machine.h"

#include <gtest/gtest.h>

#include "cpu/instruction_set.h"

namespace hillock {
namespace {

// From a small board to a large server: 0.1 GFLOP/s (which sanitizers may reduce it to) to 1 TFLOP/s per core, 0.05
// GB/s to 1 TB/s.
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

TEST(MachineLimits, AreOfAllThreads) {
  const MachineLimits limits = measure_machine_limits(1);
  EXPECT_EQ(limits.threads, 1);
  for (const double rate : {limits.f32_flops_per_second, limits.f64_flops_per_second, limits.cache_bytes_per_second,
                            limits.memory_bytes_per_second}) {
    EXPECT_GT(rate, 5e7);
  }
}

TEST(MachineLimits, NameTheInstructionSetThatProductsUse) {
  EXPECT_EQ(instruction_set(), cpu::name(cpu::chosen_instruction_set()));
}

}  // namespace
}  // namespace hillock

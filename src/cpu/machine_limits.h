// What this machine can do at most, measured: how many floating-point operations a core does in a second, and how many
// bytes memory moves. A kernel's time is judged against them.
//
// Both are rates of whole machines that may be shared: a busy neighbour lowers them. Each is therefore the best of many
// short samples, which no luck can raise above the truth.
#pragma once

#include "hillock/tensor.h"

namespace hillock::cpu {

// Multiplications and additions of `dtype` (f32 or f64) that one core does in a second: independent chains of fused
// multiply-adds in registers, on the vectors of the target that products run on (targets.h); each counts as two. Takes
// about `seconds`. Runs on the calling thread.
double peak_flops_per_second(DType dtype, double seconds = 0.1);

// Arrays of this size are larger than any cache, or lie in the first-level cache all three.
inline constexpr std::int64_t kArrayInMemory = std::int64_t{64} << 20;
inline constexpr std::int64_t kArrayInCache = std::int64_t{8} << 10;

// Bytes that `threads` cores together move in a second in the triad a = b + s c over f32 arrays of `array_bytes` each,
// a multiple of 8 KiB (McCalpin 1995): 12 bytes for each element, not counting that a line of `a` is read before it is
// written. Takes about `seconds`, and for arrays in memory as much again to set them up.
double triad_bytes_per_second(int threads, double seconds = 0.15, std::int64_t array_bytes = kArrayInMemory);

struct MachineLimits {
  int threads = 1;
  double flops_per_second = 0;  // f32, of all threads: one core's peak times their number
  double bytes_per_second = 0;  // of all threads together

  // The least time in which `flops` operations and moving `bytes` through memory can be done one after the other.
  double least_seconds(double flops, double bytes) const {
    return flops / flops_per_second + (bytes > 0 ? bytes / bytes_per_second : 0);
  }
};

// Measures both for `threads` threads.
MachineLimits measure_machine_limits(int threads);

}  // namespace hillock::cpu

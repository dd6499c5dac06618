// The instruction set in use, and measured limits of this machine: floating-point operations and bytes of memory
// traffic per second. `plan --time` compares kernels with them.
//
// Other load on a shared machine lowers both rates. Each is therefore the best of many short samples: noise can only
// lower a sample.
#pragma once

#include <cstdint>
#include <string_view>

#include "hillock/tensor.h"

namespace hillock {

// The instruction set that matrix products planned from now on use, "avx2", "avx512", …: the fastest one that this
// machine supports, unless the environment variable HILLOCK_TARGET names another. It does not affect results, bit for
// bit. Throws Error if the variable names an instruction set that the machine does not support. Thread-safe.
std::string_view instruction_set();

// The floating-point operations per second that one core reaches with `dtype` (f32 or f64), measured with independent
// chains of fused multiply-adds in registers, on vectors of instruction_set(); a multiply-add counts as two. Takes
// about `seconds`. Runs on the calling thread.
double peak_flops_per_second(DType dtype, double seconds = 0.1);

// Array sizes for triad_bytes_per_second: one exceeds any cache; three arrays of the other fit in the first-level
// cache.
inline constexpr std::int64_t kArrayInMemory = std::int64_t{64} << 20;
inline constexpr std::int64_t kArrayInCache = std::int64_t{8} << 10;

// The bytes per second that `threads` cores together move in the triad a = b + s c (McCalpin 1995) over f32 arrays of
// `array_bytes` each, a multiple of 8 KiB. Each element counts as 12 bytes; that a cache line of `a` is read before it
// is written is not counted. Takes about `seconds`, and as much again to set up arrays that exceed the caches.
double triad_bytes_per_second(int threads, double seconds = 0.15, std::int64_t array_bytes = kArrayInMemory);

// The limits of `threads` threads together: the peak of one core times their number, and the bandwidths that they reach
// concurrently. Threads beyond the number of processors add nothing.
struct MachineLimits {
  int threads = 1;
  double f32_flops_per_second = 0;
  double f64_flops_per_second = 0;
  double cache_bytes_per_second = 0;   // first-level cache
  double memory_bytes_per_second = 0;  // arrays larger than any cache
};

// Takes about a second.
MachineLimits measure_machine_limits(int threads);

}  // namespace hillock

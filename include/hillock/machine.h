// What this machine runs, and what it can do at most, measured: how many floating-point operations it does in a second,
// and how many bytes memory moves. A kernel's time is judged against them.
//
// Both are rates of whole machines that may be shared: a busy neighbour lowers them. Each is therefore the best of many
// short samples, which no luck can raise above the truth.
#pragma once

#include <cstdint>
#include <string_view>

#include "hillock/tensor.h"

namespace hillock {

// The instruction set that matrix products planned from now on use, "avx2", "avx512", …: the fastest that this machine
// runs, unless the environment variable HILLOCK_TARGET names another. It does not show in any bit. Throws Error if the
// variable names none that the machine runs. Thread-safe.
std::string_view instruction_set();

// Multiplications and additions of `dtype` (f32 or f64) that one core does in a second: independent chains of fused
// multiply-adds in registers, on the vectors of instruction_set(); each counts as two. Takes about `seconds`. Runs on
// the calling thread.
double peak_flops_per_second(DType dtype, double seconds = 0.1);

// Arrays of this size are larger than any cache, or lie in the first-level cache all three.
inline constexpr std::int64_t kArrayInMemory = std::int64_t{64} << 20;
inline constexpr std::int64_t kArrayInCache = std::int64_t{8} << 10;

// Bytes that `threads` cores together move in a second in the triad a = b + s c over f32 arrays of `array_bytes` each,
// a multiple of 8 KiB (McCalpin 1995): 12 bytes for each element, not counting that a line of `a` is read before it is
// written. Takes about `seconds`, and for arrays in memory as much again to set them up.
double triad_bytes_per_second(int threads, double seconds = 0.15, std::int64_t array_bytes = kArrayInMemory);

// Of so many threads together: one core's peak times their number, and the bandwidths that they reach side by side.
// Threads beyond the number of processors add nothing.
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

// Measures the peak rate of fused multiply-adds and the bandwidth of memory, and reports the instruction set.
#include "hillock/machine.h"

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <thread>

#include "core/thread_pool.h"
#include "cpu/instruction_set.h"
#include "cpu/matrix_kernel.h"

namespace hillock {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The best rate of `work`, which returns the amount it did, over samples that take `seconds` in total; at least three
// samples.
template <class Work>
double best_rate(double seconds, const Work& work) {
  double best = 0;
  const double end = now() + seconds;
  for (int sample = 0; sample < 3 || now() < end; ++sample) {
    const double start = now();
    const double done = work();
    best = std::max(best, done / (now() - start));
  }
  return best;
}

struct Triad {
  static constexpr std::int64_t kBlock = 2048;  // the elements that the pool hands out at once

  std::int64_t passes = 1;  // passes over a block before the next one
  std::array<std::unique_ptr<float[]>, 3> arrays;

  // Also touches each page first on the thread that will use it.
  static void fill(void* context, int, std::int64_t begin, std::int64_t end) {
    for (const auto& array : static_cast<Triad*>(context)->arrays)
      std::fill(array.get() + begin * kBlock, array.get() + end * kBlock, 1.0f);
  }
  static void add(void* context, int, std::int64_t begin, std::int64_t end) {
    const auto& arrays = static_cast<Triad*>(context)->arrays;
    const hn::ScalableTag<float> tag;
    const auto scale = hn::Set(tag, 1.5f);
    const std::int64_t passes = static_cast<Triad*>(context)->passes;
    for (std::int64_t pass = 0; pass < passes; ++pass) {
      // unrolled, because the loop itself would be noticeable in the cache
      constexpr std::size_t kStep = 4 * hn::MaxLanes(tag);
      for (auto i = static_cast<std::size_t>(begin * kBlock); i < static_cast<std::size_t>(end * kBlock); i += kStep) {
        for (std::size_t k = i; k < i + kStep; k += hn::MaxLanes(tag)) {
          hn::StoreU(hn::MulAdd(scale, hn::LoadU(tag, &arrays[2][k]), hn::LoadU(tag, &arrays[1][k])), tag,
                     &arrays[0][k]);
        }
      }
    }
  }
};

}  // namespace

std::string_view instruction_set() { return cpu::name(cpu::chosen_instruction_set()); }

double peak_flops_per_second(DType dtype, double seconds) {
  constexpr std::int64_t kRounds = 500'000;  // about a millisecond
  const cpu::InstructionSet target = cpu::chosen_instruction_set();
  return best_rate(seconds, [&] {
    return dtype == DType::f64 ? cpu::matrix_kernels<double>(target).multiply_add(kRounds)
                               : cpu::matrix_kernels<float>(target).multiply_add(kRounds);
  });
}

double triad_bytes_per_second(int threads, double seconds, std::int64_t array_bytes) {
  // Cores have first-level caches of their own, so arrays that fit there are one block for each thread.
  const bool in_cache = array_bytes <= kArrayInCache;
  const std::int64_t blocks = in_cache ? threads : array_bytes / (Triad::kBlock * std::int64_t{sizeof(float)});
  const std::int64_t elements = blocks * Triad::kBlock;
  Triad triad;
  for (auto& array : triad.arrays) array = std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(elements));
  ThreadPool pool(threads);
  pool.run(blocks, Triad::fill, &triad);
  if (in_cache) triad.passes = 1000;  // so that clock resolution and waking threads do not matter
  return best_rate(seconds, [&] {
    pool.run(blocks, Triad::add, &triad);
    return 12.0 * static_cast<double>(elements * triad.passes);
  });
}

MachineLimits measure_machine_limits(int threads) {
  const int processors = std::min(threads, std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
  return {.threads = threads,
          .f32_flops_per_second = processors * peak_flops_per_second(DType::f32),
          .f64_flops_per_second = processors * peak_flops_per_second(DType::f64),
          .cache_bytes_per_second = triad_bytes_per_second(processors, 0.1, kArrayInCache),
          .memory_bytes_per_second = triad_bytes_per_second(processors)};
}

}  // namespace hillock

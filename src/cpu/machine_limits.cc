// Peak of fused multiply-adds and bandwidth of memory.
#include "cpu/machine_limits.h"

#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

#include "core/thread_pool.h"
#include "cpu/matrix_kernel.h"

namespace hillock::cpu {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The best rate of `work`, which returns what it did, over samples that take `seconds` together; at least three.
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
  static constexpr std::int64_t kBlock = 2048;  // what the pool shares out, in elements

  std::int64_t passes = 1;  // over a block before the next
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
      constexpr std::size_t kStep = 4 * hn::MaxLanes(tag);  // unrolled: in the cache the loop itself would count
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

double peak_flops_per_second(DType dtype, double seconds) {
  constexpr std::int64_t kRounds = 500'000;  // about a millisecond
  const Target target = chosen_target();
  return best_rate(seconds, [&] {
    return dtype == DType::f64 ? matrix_kernels<double>(target).multiply_add(kRounds)
                               : matrix_kernels<float>(target).multiply_add(kRounds);
  });
}

double triad_bytes_per_second(int threads, double seconds, std::int64_t array_bytes) {
  // Cores have first-level caches of their own: arrays that lie there are one block for each thread.
  const bool in_cache = array_bytes <= kArrayInCache;
  const std::int64_t blocks = in_cache ? threads : array_bytes / (Triad::kBlock * std::int64_t{sizeof(float)});
  const std::int64_t elements = blocks * Triad::kBlock;
  Triad triad;
  for (auto& array : triad.arrays) array = std::make_unique_for_overwrite<float[]>(static_cast<std::size_t>(elements));
  ThreadPool pool(threads);
  pool.run(blocks, Triad::fill, &triad);
  if (in_cache) triad.passes = 1000;  // a clock's ticks and waking threads do not count
  return best_rate(seconds, [&] {
    pool.run(blocks, Triad::add, &triad);
    return 12.0 * static_cast<double>(elements * triad.passes);
  });
}

MachineLimits measure_machine_limits(int threads) {
  return {.threads = threads,
          .flops_per_second = peak_flops_per_second(DType::f32) * threads,
          .bytes_per_second = triad_bytes_per_second(threads)};
}

}  // namespace hillock::cpu

// The thread pool. A generation counter announces a job. Workers wait for it to change, spinning first and then
// sleeping.
#include "core/thread_pool.h"

#include "core/float_mode.h"
#include "core/spin_wait.h"
#include "core/try_thread.h"

namespace hillock {
ThreadPool::ThreadPool(int threads) {
  workers_.reserve(static_cast<std::size_t>(threads - 1));  // reserved now, because nothing may throw once threads run
  for (int worker = 1; worker < threads; ++worker) {
    std::thread thread = try_thread([this, worker] { work(worker); });
    if (!thread.joinable()) break;
    workers_.push_back(std::move(thread));
  }
}

ThreadPool::~ThreadPool() {
  stopping_.store(true, std::memory_order_relaxed);
  generation_.fetch_add(1, std::memory_order_release);
  generation_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(std::int64_t count, Job job, void* context) {
  job_ = job;
  context_ = context;
  count_ = count;
  remaining_.store(static_cast<std::uint32_t>(workers_.size()), std::memory_order_relaxed);
  generation_.fetch_add(1, std::memory_order_release);
  generation_.notify_all();
  run_part(0);
  for (std::uint32_t left = remaining_.load(std::memory_order_acquire); left != 0;
       left = remaining_.load(std::memory_order_acquire)) {
    wait_while(remaining_, left);
  }
}

void ThreadPool::run_part(int worker) {
  const std::int64_t begin = count_ * worker / threads();
  const std::int64_t end = count_ * (worker + 1) / threads();
  if (begin < end) job_(context_, worker, begin, end);
}

void ThreadPool::work(int worker) {
  const FlushToZero mode;
  std::uint32_t seen = 0;
  for (;;) {
    wait_while(generation_, seen);
    ++seen;
    if (stopping_.load(std::memory_order_relaxed)) return;
    run_part(worker);
    if (remaining_.fetch_sub(1, std::memory_order_acq_rel) == 1) remaining_.notify_one();
  }
}

}  // namespace hillock

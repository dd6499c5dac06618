// A pool of threads that share out index ranges. They spin briefly after a job and then sleep, so that an idle pool
// costs nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace hillock {

class ThreadPool {
 public:
  // Called with the half-open range of [0, count) that belongs to `worker`, 0 <= worker < threads.
  using Job = void (*)(void* context, int worker, std::int64_t begin, std::int64_t end);

  // Starts threads - 1 workers, or as many as the system allows. The caller of run() is worker 0.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }
  // Divides [0, count) evenly among the threads and returns when all are done. Allocates nothing. `job` must not throw.
  // Only one thread may call this at a time.
  void run(std::int64_t count, Job job, void* context);

 private:
  void work(int worker);
  void run_part(int worker);

  std::vector<std::thread> workers_;
  std::atomic<std::uint32_t> generation_{0};
  std::atomic<std::uint32_t> remaining_{0};
  std::atomic<bool> stopping_{false};
  Job job_ = nullptr;
  void* context_ = nullptr;
  std::int64_t count_ = 0;
};

}  // namespace hillock

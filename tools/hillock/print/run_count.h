// Prints on stderr how many of many runs have ended, while they run.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace hillock::program {

// A line at most every two seconds, when the number has changed or nothing was told for long (sign_of_life.h); runs
// that are over before that say nothing.
class RunCount {
 public:
  RunCount(std::int64_t all, bool quiet);
  ~RunCount();

  void ended() { ended_.fetch_add(1, std::memory_order_relaxed); }  // may be called by any thread

 private:
  void tell();

  const std::int64_t all_;
  std::atomic<std::int64_t> ended_{0};
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;  // guarded by mutex_
  std::thread teller_;
};

}  // namespace hillock::program

// A thread of its own looks at the clock, since a run of a small network has no time to.
#include "arguments/run_count.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "print/output.h"

namespace hillock::program {

RunCount::RunCount(std::int64_t all, bool quiet) : all_(all) {
  if (!quiet) teller_ = std::thread([this] { tell(); });
}

RunCount::~RunCount() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  over_.notify_one();
  if (teller_.joinable()) teller_.join();
}

void RunCount::tell() {
  constexpr std::chrono::seconds kEvery{2};
  std::int64_t told = 0;
  std::unique_lock lock(mutex_);
  while (!over_.wait_for(lock, kEvery, [this] { return is_over_; })) {
    const std::int64_t now = ended_.load(std::memory_order_relaxed);
    if (now != told) print_to(stderr, "{} of {} runs have ended\n", now, all_);
    told = now;
  }
}

}  // namespace hillock::program

// A separate thread looks at the clock, since runs of small networks have no time for that.
#include "print/run_count.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <system_error>

#include "print/output.h"
#include "print/progress.h"
#include "print/sign_of_life.h"

namespace hillock::program {

RunCount::RunCount(std::int64_t all, bool quiet) : all_(all) {
  if (quiet) return;
  try {
    teller_ = std::thread([this] { tell(); });
  } catch (const std::system_error&) {  // no thread could be started: the runs continue without these lines
  }
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
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds kEvery{2};
  const auto start = Clock::now();
  auto last = start;
  std::int64_t told = 0;
  std::unique_lock lock(mutex_);
  while (!over_.wait_for(lock, kEvery, [this] { return is_over_; })) {
    const std::int64_t ended = ended_.load(std::memory_order_relaxed);
    const auto now = Clock::now();
    const std::chrono::duration<double> took = now - start, silence = now - last;
    if (ended == told && silence.count() < longest_silence(took.count())) continue;
    print_to(stderr, "{} of {} runs have ended{}\n", ended, all_,
             ended == told ? fmt::format(": {} so far", duration(took.count())) : "");
    told = ended;
    last = now;
  }
}

}  // namespace hillock::program

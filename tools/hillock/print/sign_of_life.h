// Prints on stderr what a long run is doing, so that it is not taken for hung. On a
// terminal this is a line that is redrawn each second and removed at the end;
// elsewhere a line after some seconds without any other output. Short runs print
// nothing.
//
// A separate thread looks at the clock, and the results of the run are not affected.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace hillock::program {

// How long a run may stay silent after it has taken `seconds`: 5 s, after some minutes longer, at most a minute. The
// environment variable HILLOCK_TELL_EVERY replaces the 5 s if it is set.
double longest_silence(double seconds);

// "reading houses.csv".
std::string reading(const std::string& data);

class SignOfLife {
 public:
  explicit SignOfLife(bool quiet);
  ~SignOfLife();
  SignOfLife(const SignOfLife&) = delete;
  SignOfLife& operator=(const SignOfLife&) = delete;

  // Sets what is being done from now on, which must be printable: "reading houses.csv". Removes the previous line. With
  // `has_bar` another object draws it on a terminal.
  void doing(std::string what, bool has_bar = false);
  // From now on nothing is being done that takes time. To be called before something else is printed.
  void rest() { doing(""); }
  // The progress of a training; cheap enough to be called in every step.
  void at(std::int64_t epoch, std::int64_t epochs, std::int64_t step, std::int64_t steps);
  // The number of rows that have been predicted.
  void rows(std::int64_t count) { rows_.store(count, std::memory_order_relaxed); }
  // Something else has been printed.
  void told();

 private:
  using Clock = std::chrono::steady_clock;

  void watch_clock();
  std::string line(Clock::time_point now) const;
  void clear();

  const bool terminal_;
  const Clock::time_point start_ = Clock::now();
  std::atomic<std::int64_t> epoch_{0}, epochs_{0}, step_{0}, steps_{0}, rows_{0};
  std::mutex mutex_;  // guards the members below
  std::condition_variable over_;
  bool is_over_ = false, has_bar_ = false, drawn_ = false;
  std::string what_;
  Clock::time_point began_ = start_, told_ = start_;
  std::thread teller_;
};

}  // namespace hillock::program

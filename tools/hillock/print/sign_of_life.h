// What a long run is doing, told on stderr, so that nobody takes it for dead. On a terminal it is a line that is drawn
// anew each second and goes away; elsewhere a line after some seconds in which nothing was told. Short runs say
// nothing.
//
// A thread of its own looks at the clock: it changes nothing of what the run computes.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace hillock::program {

// How long a run that has taken so long may be silent: 5 s, after some minutes longer, at most a minute. The 5 s are
// what the environment variable HILLOCK_TELL_EVERY says, if it is set.
double longest_silence(double seconds);

// "reading houses.csv".
std::string reading(const std::string& data);

class SignOfLife {
 public:
  explicit SignOfLife(bool quiet);
  ~SignOfLife();
  SignOfLife(const SignOfLife&) = delete;
  SignOfLife& operator=(const SignOfLife&) = delete;

  // What is being done from here on, printable: "reading houses.csv". What was drawn of the last is removed. With
  // `has_bar` somebody else draws it on a terminal.
  void doing(std::string what, bool has_bar = false);
  // Nothing that takes time. Before something else is printed.
  void rest() { doing(""); }
  // How far a training is; cheap enough for every step.
  void at(std::int64_t epoch, std::int64_t epochs, std::int64_t step, std::int64_t steps);
  // How many rows have been predicted.
  void rows(std::int64_t count) { rows_.store(count, std::memory_order_relaxed); }
  // Something else has been told.
  void told();

 private:
  using Clock = std::chrono::steady_clock;

  void watch_clock();
  std::string line(Clock::time_point now) const;
  void clear();

  const bool terminal_;
  const Clock::time_point start_ = Clock::now();
  std::atomic<std::int64_t> epoch_{0}, epochs_{0}, step_{0}, steps_{0}, rows_{0};
  std::mutex mutex_;  // guards what follows
  std::condition_variable over_;
  bool is_over_ = false, has_bar_ = false, drawn_ = false;
  std::string what_;
  Clock::time_point began_ = start_, told_ = start_;
  std::thread teller_;
};

}  // namespace hillock::program

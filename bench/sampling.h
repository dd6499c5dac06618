// How a program is measured beside others: it is started once, warms up, and then takes one sample whenever it is
// asked, so that the samples of several programs can alternate. bench/compare asks; bench/peers/sampling.py is the same
// for Python.
//
// The protocol is lines of text. On start: {"variants": ["a", "b"], …}, or an empty list and "why". Then for each line
// that names a variant: {"steps_per_second": 123.4}. The end of the input ends the program.
#pragma once

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace hillock::bench {

// wall: the time that a user waits. cpu: the processor time of all threads of this process; for one thread on a machine
// that is busy otherwise.
enum class Clock { wall, cpu };

inline double seconds_on(Clock clock) {
  timespec time{};
  clock_gettime(clock == Clock::wall ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct Variant {
  std::string name;
  std::function<double()> sample;  // steps a second
};

// Samples of at least about `seconds` of `run`, which makes the given number of steps. Finding that number is the
// warm-up.
inline std::function<double()> sample_steps(const std::function<void(long)>& run, double seconds, Clock clock) {
  long steps = 1;
  double took = 0;
  for (;;) {
    const double start = seconds_on(clock);
    run(steps);
    took = seconds_on(clock) - start;
    if (took >= seconds / 2) break;
    steps *= static_cast<long>(std::clamp(seconds / std::max(took, 1e-9), 2.0, 100.0));
  }
  steps = std::max(1L, static_cast<long>(1.1 * seconds / took * static_cast<double>(steps)));
  return [=] {
    const double start = seconds_on(clock);
    run(steps);
    return static_cast<double>(steps) / (seconds_on(clock) - start);
  };
}

// Answers requests until the input ends. `more` is appended to the object of the first line: ", \"key\": value".
inline void serve(const std::vector<Variant>& variants, const std::string& more = {}) {
  std::string names;
  for (const Variant& variant : variants) names += (names.empty() ? "\"" : ", \"") + variant.name + "\"";
  std::printf("{\"variants\": [%s]%s}\n", names.c_str(), more.c_str());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    for (const Variant& variant : variants) {
      if (variant.name == line) std::printf("{\"steps_per_second\": %.6g}\n", variant.sample());
    }
    std::fflush(stdout);
  }
}

}  // namespace hillock::bench

// Which instruction sets there are, and which one is used.
#include "cpu/targets.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "hillock/error.h"

namespace hillock::cpu {
namespace {

std::vector<Target> detect_targets() {
  std::vector<Target> targets;
#if defined(__x86_64__)
  // The five that Highway's target AVX3 is made of.
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd")) {
    targets.push_back(Target::avx512);
  }
#endif
  targets.push_back(Target::baseline);
  targets.push_back(Target::narrow);
  return targets;
}

Target initial_target() {
  const std::vector<Target>& targets = supported_targets();
  const char* const asked = std::getenv("HILLOCK_TARGET");
  if (asked == nullptr || *asked == '\0') return targets.front();
  const auto found = std::find_if(targets.begin(), targets.end(), [&](Target target) { return name(target) == asked; });
  if (found != targets.end()) return *found;
  std::string known;
  for (Target target : targets) known += fmt::format("{}{}", known.empty() ? "" : ", ", name(target));
  throw Error(
      fmt::format("HILLOCK_TARGET: \"{}\" is none of the instruction sets that this machine runs: {}; unset it "
                  "to have the fastest",
                  asked, known));
}

std::atomic<Target>& chosen() {
  static std::atomic<Target> target = initial_target();
  return target;
}

}  // namespace

std::string_view name(Target target) {
  switch (target) {
    case Target::avx512: return "avx512";
    case Target::narrow: return "narrow";
    case Target::baseline: break;
  }
#if defined(__x86_64__)
  return "avx2";
#else
  return "baseline";
#endif
}

const std::vector<Target>& supported_targets() {
  static const std::vector<Target> targets = detect_targets();
  return targets;
}

Target chosen_target() { return chosen().load(std::memory_order_relaxed); }

void choose_target(Target target) { chosen().store(target, std::memory_order_relaxed); }

}  // namespace hillock::cpu

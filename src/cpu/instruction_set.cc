// Detects the instruction sets of the machine and chooses one.
#include "cpu/instruction_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "hillock/error.h"

namespace hillock::cpu {
namespace {

std::vector<InstructionSet> detect_instruction_sets() {
  std::vector<InstructionSet> sets;
#if defined(__x86_64__)
  // The five features that make up Highway's target AVX3.
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd")) {
    sets.push_back(InstructionSet::avx512);
  }
#endif
  sets.push_back(InstructionSet::baseline);
  sets.push_back(InstructionSet::narrow);
  return sets;
}

InstructionSet initial_instruction_set() {
  const std::vector<InstructionSet>& sets = supported_instruction_sets();
  const char* const asked = std::getenv("HILLOCK_TARGET");
  if (asked == nullptr || *asked == '\0') return sets.front();
  const auto found = std::find_if(sets.begin(), sets.end(), [&](InstructionSet set) { return name(set) == asked; });
  if (found != sets.end()) return *found;
  std::string known;
  for (InstructionSet set : sets) known += fmt::format("{}{}", known.empty() ? "" : ", ", name(set));
  throw Error(
      fmt::format("HILLOCK_TARGET: \"{}\" is none of the instruction sets that this machine runs: {}; unset it "
                  "to have the fastest",
                  asked, known));
}

std::atomic<InstructionSet>& chosen() {
  static std::atomic<InstructionSet> set = initial_instruction_set();
  return set;
}

}  // namespace

std::string_view name(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx512: return "avx512";
    case InstructionSet::narrow: return "narrow";
    case InstructionSet::baseline: break;
  }
#if defined(__x86_64__)
  return "avx2";
#else
  return "baseline";
#endif
}

const std::vector<InstructionSet>& supported_instruction_sets() {
  static const std::vector<InstructionSet> sets = detect_instruction_sets();
  return sets;
}

InstructionSet chosen_instruction_set() { return chosen().load(std::memory_order_relaxed); }

void choose_instruction_set(InstructionSet set) { chosen().store(set, std::memory_order_relaxed); }

}  // namespace hillock::cpu

// The instruction sets for which the matrix product is compiled, and the choice among them at run time. Everything else
// is compiled once, for `baseline`. The choice affects no bit of any result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hillock::cpu {

enum class InstructionSet : std::uint8_t {
  baseline,  // that of the whole library: AVX2 with fused multiply-add on x86-64
  avx512,    // x86-64 only
  narrow,    // baseline with vectors of 16 bytes, like NEON; for tests, never chosen
};

inline constexpr std::size_t kInstructionSets = 3;

// "avx2" on x86-64 and "baseline" elsewhere, "avx512", "narrow".
std::string_view name(InstructionSet set);

// The sets that this processor and its operating system support, the fastest first.
const std::vector<InstructionSet>& supported_instruction_sets();

// The set for plans made from now on: the fastest one, unless the environment variable HILLOCK_TARGET names another or
// choose_instruction_set() was called. A session binds to a plan only under the set that the plan was made for. Throws
// Error if the variable names a set that this machine does not support. Thread-safe.
InstructionSet chosen_instruction_set();

// `set` must be supported. Thread-safe. Sessions that are already bound keep theirs.
void choose_instruction_set(InstructionSet set);

}  // namespace hillock::cpu

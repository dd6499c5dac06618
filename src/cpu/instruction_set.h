// The instruction sets that the matrix product is compiled for, and the choice among them at run time. Everything else
// is compiled once, for `baseline`. The choice does not show in any bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hillock::cpu {

enum class InstructionSet : std::uint8_t {
  baseline,  // what the whole library is compiled for: AVX2 with fused multiply-add on x86-64
  avx512,    // x86-64 only
  narrow,    // baseline with vectors of 16 bytes, as NEON has them; for tests, never chosen
};

inline constexpr std::size_t kInstructionSets = 3;

// "avx2" on x86-64 and "baseline" elsewhere, "avx512", "narrow".
std::string_view name(InstructionSet set);

// Those that this processor and its operating system run, the fastest first.
const std::vector<InstructionSet>& supported_instruction_sets();

// What plans made from now on use: the fastest, unless the environment variable HILLOCK_TARGET names another or
// choose_instruction_set() was called. A session binds to a plan only under the instruction set that the plan was made
// for. Throws Error if the variable names none that this machine runs. Thread-safe.
InstructionSet chosen_instruction_set();

// `set` must be supported. Thread-safe; sessions bound before keep theirs.
void choose_instruction_set(InstructionSet set);

}  // namespace hillock::cpu

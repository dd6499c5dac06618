// The instruction sets that the matrix product is compiled for, and the choice among them at run time. Everything else
// is compiled once, for `baseline`. The choice does not show in any bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hillock::cpu {

enum class Target : std::uint8_t {
  baseline,  // what the whole library is compiled for: AVX2 with fused multiply-add on x86-64
  avx512,    // x86-64 only
  narrow,    // baseline with vectors of 16 bytes, as NEON has them; for tests, never chosen
};

inline constexpr std::size_t kTargets = 3;

// "avx2" on x86-64 and "baseline" elsewhere, "avx512", "narrow".
std::string_view name(Target target);

// Those that this processor and its operating system run, the fastest first.
const std::vector<Target>& supported_targets();

// What plans made from now on use: the fastest, unless the environment variable HILLOCK_TARGET names another or
// choose_target() was called. A session binds to a plan only under the target that the plan was made for. Throws Error
// if the variable names none that this machine runs. Thread-safe.
Target chosen_target();

// `target` must be supported. Thread-safe; sessions bound before keep theirs.
void choose_target(Target target);

}  // namespace hillock::cpu

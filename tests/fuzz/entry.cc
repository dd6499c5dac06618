// Calls the target that HILLOCK_FUZZ_TARGET names, for libFuzzer.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  // No bytes are still a place: a view of nullptr is not what a file gives.
  hillock::fuzz::HILLOCK_FUZZ_TARGET({count == 0 ? "" : reinterpret_cast<const char*>(bytes), count});
  return 0;
}

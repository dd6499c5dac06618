// Flush-to-zero while computing: numbers below the smallest normal count as zero, because denormal arithmetic is many
// times slower on common processors. The mode is part of canonical arithmetic: every runner of a graph sets it.
#pragma once

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif
#include <cstdint>

namespace hillock {

// Sets the mode for the current thread and restores the caller's on destruction.
class FlushToZero {
 public:
  FlushToZero(const FlushToZero&) = delete;
  FlushToZero& operator=(const FlushToZero&) = delete;
#if defined(__SSE2__)
  // Writing the register empties the processor's pipeline, so what is set already is left alone.
  FlushToZero() : saved_(_mm_getcsr()) {
    if ((saved_ & kMode) != kMode) _mm_setcsr(saved_ | kMode);
  }
  ~FlushToZero() {
    if ((saved_ & kMode) != kMode) _mm_setcsr(saved_);
  }

 private:
  static constexpr unsigned kMode = 0x8040;  // FTZ and DAZ
  unsigned saved_;
#elif defined(__aarch64__)
  FlushToZero() {
    asm volatile("mrs %0, fpcr" : "=r"(saved_));
    asm volatile("msr fpcr, %0" : : "r"(saved_ | (std::uint64_t{1} << 24)));
  }
  ~FlushToZero() { asm volatile("msr fpcr, %0" : : "r"(saved_)); }

 private:
  std::uint64_t saved_;
#else
  FlushToZero() {}
#endif
};

}  // namespace hillock

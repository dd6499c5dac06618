// Flush-to-zero mode: numbers below the smallest normal one count as zero, because denormal arithmetic is many times
// slower on common processors. The mode is part of canonical arithmetic, so everything that runs a graph sets it.
#pragma once

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif
#include <cstdint>

namespace hillock {

// Sets the mode for the current thread; the destructor restores the caller's. A nested object does nothing: reading the
// register takes 20 cycles, as long as a small step of a plan. No code of the user may run while one exists.
class FlushToZero {
 public:
  FlushToZero() {
    if (depth_++ == 0) saved_ = enter();
  }
  ~FlushToZero() {
    if (--depth_ == 0) leave(saved_);
  }
  FlushToZero(const FlushToZero&) = delete;
  FlushToZero& operator=(const FlushToZero&) = delete;

 private:
#if defined(__SSE2__)
  using Register = unsigned;
  static Register enter() {
    const Register callers = _mm_getcsr();
    _mm_setcsr(callers | 0x8040);  // FTZ and DAZ
    return callers;
  }
  static void leave(Register callers) { _mm_setcsr(callers); }
#elif defined(__aarch64__)
  using Register = std::uint64_t;
  static Register enter() {
    Register callers;
    asm volatile("mrs %0, fpcr" : "=r"(callers));
    asm volatile("msr fpcr, %0" : : "r"(callers | (Register{1} << 24)));
    return callers;
  }
  static void leave(Register callers) { asm volatile("msr fpcr, %0" : : "r"(callers)); }
#else
  using Register = int;
  static Register enter() { return 0; }
  static void leave(Register) {}
#endif

  static constinit thread_local inline int depth_ = 0;
  Register saved_{};
};

}  // namespace hillock

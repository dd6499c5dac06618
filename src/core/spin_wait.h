// Waits for another thread: spins briefly, which suffices if it takes microseconds, and then sleeps.
#pragma once

#include <atomic>

namespace hillock {

// This takes some microseconds, longer than the gap between two steps of a plan and shorter than a time slice.
inline constexpr int kSpins = 2000;

inline void pause_briefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Returns once `value` differs from `old`. The thread that changes it must call its notify_one or notify_all.
template <class T>
void wait_while(const std::atomic<T>& value, T old) {
  for (int spin = 0; spin < kSpins; ++spin) {
    if (value.load(std::memory_order_acquire) != old) return;
    pause_briefly();
  }
  while (value.load(std::memory_order_acquire) == old) value.wait(old, std::memory_order_acquire);
}

}  // namespace hillock

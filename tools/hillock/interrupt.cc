// The signal handler behind interrupt.h. A lock-free atomic is all it touches.
#include "interrupt.h"

#include <csignal>

namespace hillock::program {
namespace {

std::atomic<bool> flag{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_interrupt(int signal) {
  flag.store(true);
  std::signal(signal, SIG_DFL);
}

}  // namespace

const std::atomic<bool>& interrupted() {
  static const bool installed = std::signal(SIGINT, on_interrupt) != SIG_ERR;
  (void)installed;
  return flag;
}

}  // namespace hillock::program

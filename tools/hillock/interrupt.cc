// The signal handlers for interrupt.h. They use only lock-free atomics and calls that are safe in a handler.
#include "interrupt.h"

#include <unistd.h>

#include <array>
#include <climits>
#include <csignal>

namespace hillock::program {
namespace {

constexpr std::array<int, 3> kSignals{SIGINT, SIGTERM, SIGHUP};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

std::atomic<bool> flag{false};
std::atomic<int> first{0};                 // the signal that set the flag
std::array<char, PATH_MAX + 1> partial{};  // complete while has_partial
std::atomic<bool> has_partial{false};
using Handler = void (*)(int);

void install(Handler handler) {
  for (const int signal : kSignals) {
    if (std::signal(signal, handler) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

// Does not replace a handler that ignores the signal.
void replace(Handler old, Handler handler) {
  for (const int signal : kSignals) {
    struct sigaction now {};
    if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler == old) std::signal(signal, handler);
  }
}

// Ends the program without leaving a partial file.
void end(int signal) {
  if (has_partial.load()) ::unlink(partial.data());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void set_flag(int signal) {
  first.store(signal);
  flag.store(true);
  replace(set_flag, end);
  // A closing terminal and timeout(1) send their signals twice.
  if (signal != SIGINT) std::signal(signal, SIG_IGN);
}

}  // namespace

const std::atomic<bool>& interrupted() {
  static const bool installed = (install(set_flag), true);
  (void)installed;
  return flag;
}

int interruption_code() { return 128 + first.load(); }

void remove_when_ended(const std::string& path) {
  if (path.empty() || path.size() >= partial.size()) return;
  has_partial.store(false);
  path.copy(partial.data(), path.size());
  partial[path.size()] = '\0';
  has_partial.store(true);
  replace(SIG_DFL, end);
}

void outlive_readers() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace hillock::program

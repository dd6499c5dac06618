// The signal handlers behind interrupt.h. Lock-free atomics and calls that are safe in a handler are all they use.
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
std::array<char, PATH_MAX + 1> partial{};  // written before its handler is there
using Handler = void (*)(int);

void install(Handler handler) {
  for (const int signal : kSignals) {
    if (std::signal(signal, handler) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

// Back to what ends the program; what is ignored stays so.
void uninstall(Handler handler) {
  for (const int signal : kSignals) {
    const Handler was = std::signal(signal, SIG_DFL);
    if (was != handler) std::signal(signal, was);
  }
}

void set_flag(int signal) {
  first.store(signal);
  flag.store(true);
  uninstall(set_flag);
  // A closing terminal and timeout(1) send theirs twice.
  if (signal != SIGINT) std::signal(signal, SIG_IGN);
}

void remove_partial(int signal) {
  ::unlink(partial.data());
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

const std::atomic<bool>& interrupted() {
  static const bool installed = (install(set_flag), true);
  (void)installed;
  return flag;
}

int interruption_code() { return 128 + first.load(); }

void remove_when_interrupted(const std::string& path) {
  if (path.size() >= partial.size()) return;
  path.copy(partial.data(), path.size());
  install(remove_partial);
}

void outlive_readers() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace hillock::program

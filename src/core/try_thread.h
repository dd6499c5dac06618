// Starts a thread if the system allows one. A process may run out of threads (a limit on processes, memory for stacks),
// and all callers can do their work with fewer.
#pragma once

#include <system_error>
#include <thread>
#include <utility>

namespace hillock {

// A thread that runs `work`, or one that is not joinable if the system refuses.
template <class Work>
std::thread try_thread(Work work) {
  try {
    return std::thread(std::move(work));
  } catch (const std::system_error&) {
    return {};
  }
}

}  // namespace hillock

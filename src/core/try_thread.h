// A thread where the system has one to spare. A process may run out of them (a limit on processes, memory for stacks),
// and whoever asks can always do the work with fewer.
#pragma once

#include <system_error>
#include <thread>
#include <utility>

namespace hillock {

// A thread that runs `work`; one that is not joinable if the system gives none.
template <class Work>
std::thread try_thread(Work work) {
  try {
    return std::thread(std::move(work));
  } catch (const std::system_error&) {
    return {};
  }
}

}  // namespace hillock

// Ctrl-C as a flag that training looks at.
#pragma once

#include <atomic>

namespace hillock::program {

// From the first call on, the first Ctrl-C sets the flag and the second ends the program at once.
const std::atomic<bool>& interrupted();

}  // namespace hillock::program

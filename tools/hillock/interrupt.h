// SIGINT (Ctrl-C), SIGTERM and SIGHUP as a flag that training looks at, so that what was learnt is kept.
//
// A signal that was ignored when the program began, as nohup and a shell's & have it, stays ignored. A
// second signal ends the program at once; only SIGTERM and SIGHUP, which a closing terminal and timeout(1) send twice,
// do nothing when they are repeated.
#pragma once

#include <atomic>
#include <string>

namespace hillock::program {

// From the first call on, a signal sets the flag.
const std::atomic<bool>& interrupted();
// 128 + the number of the signal that set the flag: 130, 143 or 129.
int interruption_code();

// From here on a signal that ends the program removes this file before, which is being written: the first signal, or
// the second where interrupted() has been called. An empty path is no file.
void remove_when_ended(const std::string& path);

// From here on writing to a pipe that nobody reads is an error and does not end the program.
void outlive_readers();

}  // namespace hillock::program

// Turns SIGINT (Ctrl-C), SIGTERM and SIGHUP into a flag that training checks, so that what was learned is
// kept.
//
// A signal that was ignored when the program started, as by nohup or a shell's &, stays ignored. A second
// signal ends the program at once, except that repeated SIGTERM and SIGHUP, which a closing terminal and
// timeout(1) send twice, have no effect.
#pragma once

#include <atomic>
#include <string>

namespace hillock::program {

// From the first call on, a signal sets the flag.
const std::atomic<bool>& interrupted();
// 128 + the number of the signal that set the flag: 130, 143 or 129.
int interruption_code();

// From now on, a signal that ends the program first removes this file, which is being written: the first signal, or the
// second if interrupted() has been called. An empty path means no file.
void remove_when_ended(const std::string& path);

// From now on, writing to a pipe that nobody reads is an error instead of ending the program.
void outlive_readers();

}  // namespace hillock::program

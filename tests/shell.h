// Runs shell scripts in which `hillock` is the built program.
#pragma once

#include <string>

#include "tests/program.h"

namespace hillock::testing {

inline ProgramResult run_in_shell(const std::string& script, ProgramOptions options) {
  options.program = "/bin/sh";
  return run_program({"-c", "hillock() { " + program_path() + " \"$@\"; }\n" + script}, options);
}

}  // namespace hillock::testing

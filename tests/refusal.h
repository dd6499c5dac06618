// Shared by the tests of refusals: a wrong call, and what must come of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/program.h"

namespace hillock::testing {

struct Refusal {
  std::vector<std::string> arguments;
  std::string line;  // all of stderr after "hillock: "
};

// Exit code 2, this line alone on stderr, nothing on stdout, and the same files in the directory as before.
inline void expect_refused(const TemporaryDirectory& directory, const Refusal& refusal) {
  const std::vector<std::string> before = directory.names();
  const ProgramResult result = run_program(refusal.arguments, {.directory = directory.path()});
  std::string call;
  for (const std::string& argument : refusal.arguments) call += argument + " ";
  EXPECT_EQ(result.code, 2) << call;
  EXPECT_EQ(result.err, "hillock: " + refusal.line + "\n") << call;
  EXPECT_EQ(result.out, "") << call;
  EXPECT_EQ(directory.names(), before) << call;
}

inline void expect_refused(const TemporaryDirectory& directory, const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) expect_refused(directory, refusal);
}

}  // namespace hillock::testing

// What the program draws on a terminal.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/program.h"

namespace hillock::testing {
namespace {

// The bars among what was written to a terminal: each follows the code that clears the line.
std::vector<std::string> bars(const std::string& err) {
  const std::string clear = "\r\x1b[K";
  std::vector<std::string> result;
  for (std::size_t at = err.find(clear); at != std::string::npos; at = err.find(clear, at)) {
    at += clear.size();
    std::string bar = err.substr(at, err.find_first_of("\r\n", at) - at);
    if (bar.starts_with("[")) result.push_back(std::move(bar));
  }
  return result;
}

TEST(ProgramProgress, DrawsABarOnATerminalOnly) {
  const TemporaryDirectory directory;
  const std::vector<std::string> call{"train", "digits", "--epochs", "20", "--log-every", "100", "--threads", "1"};
  const ProgramResult seen = run_program(call, {.directory = directory.path(), .terminal = true});
  EXPECT_EQ(seen.code, 0) << seen.err;
  const std::vector<std::string> drawn = bars(seen.err);
  ASSERT_GE(drawn.size(), 2u) << seen.err;
  for (const std::string& bar : drawn) {
    EXPECT_LT(bar.size(), 80u) << bar;
    EXPECT_NE(bar.find(" left  epoch "), std::string::npos) << bar;
    EXPECT_NE(bar.find("/20  loss "), std::string::npos) << bar;
  }
  EXPECT_NE(drawn.back().find("  validation accuracy "), std::string::npos) << drawn.back();
  const ProgramResult piped = run_program(call, {.directory = directory.path()});
  EXPECT_EQ(piped.err.find('\x1b'), std::string::npos) << piped.err;
}

}  // namespace
}  // namespace hillock::testing

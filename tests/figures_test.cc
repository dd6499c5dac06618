// The figures in README and docs/performance.md are those of bench/measurements.json: bench/figures.py looks.
#include <gtest/gtest.h>

#include <string>

#include "tests/paths.h"
#include "tests/program.h"

namespace hillock::testing {
namespace {

ProgramResult run_python(const std::string& arguments) {
  const TemporaryDirectory directory;
  return run_program({"-c", "python3 " + arguments}, {.directory = directory.path(), .program = "/bin/sh"});
}

TEST(Figures, AreThoseOfTheMeasurements) {
  if (run_python("-c 'import json'").code != 0) GTEST_SKIP() << "there is no python3";
  const ProgramResult result = run_python("'" + source_directory().string() + "/bench/figures.py' --check");
  EXPECT_EQ(result.code, 0) << result.err;
}

}  // namespace
}  // namespace hillock::testing

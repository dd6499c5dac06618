// Runs that print what they are doing, with a silence of milliseconds instead of 5 s.
#include "print/sign_of_life.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "tests/program.h"
#include "tests/shell.h"

namespace hillock::testing {
namespace {

using Names = std::vector<std::string>;

const Names kTraining{"train",       "digits", "--epochs", "300",       "--patience", "0",
                      "--log-every", "1000",   "--json",   "--threads", "1"};

ProgramResult in_shell(const std::string& script, const TemporaryDirectory& directory, bool terminal = false) {
  return run_in_shell(script, {.directory = directory.path(), .terminal = terminal, .tell_every = "0.02"});
}

TEST(SignOfLife, TellsOfALongTrainingAndChangesNothing) {
  const TemporaryDirectory directory;
  const ProgramResult told = run_program(kTraining, {.directory = directory.path(), .tell_every = "0.01"});
  const ProgramResult silent = run_program(kTraining, {.directory = directory.path()});
  EXPECT_NE(told.err.find("training, epoch "), std::string::npos) << told.err;
  EXPECT_NE(told.err.find(" s so far\n"), std::string::npos) << told.err;
  EXPECT_EQ(silent.err.find("so far"), std::string::npos) << silent.err;
  const auto bits = [](const ProgramResult& result) {
    return nlohmann::json::parse(lines(result.out).back())["parameters_sha256"];
  };
  EXPECT_EQ(bits(told), bits(silent));
}

TEST(SignOfLife, SaysNothingWhereQuietIsAskedFor) {
  const TemporaryDirectory directory;
  Names quiet = kTraining;
  quiet.emplace_back("--quiet");
  EXPECT_EQ(run_program(quiet, {.directory = directory.path(), .tell_every = "0.01"}).err, "");
}

// A training on rows from stdin, which ends after `seconds`. Tries longer times if the machine is so busy that the
// program has hardly started and prints nothing that matches `expected`.
ProgramResult waiting_for_rows(double seconds, const std::regex& expected, const TemporaryDirectory& directory,
                               bool terminal = false) {
  ProgramResult result;
  for (; seconds < 30; seconds *= 4) {
    result =
        in_shell("{ printf 'a,y\\n'; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i,$((i * i % 5)); done; sleep " +
                     std::to_string(seconds) + "; } |\nhillock train - --target y --epochs 2",
                 directory, terminal);
    if (std::regex_search(result.err, expected)) break;
  }
  return result;
}

TEST(SignOfLife, TellsWhatIsDone) {
  const TemporaryDirectory directory;
  const std::regex expected("(^|\n)reading stdin: [0-9]+ s so far\n");
  const ProgramResult waiting = waiting_for_rows(0.2, expected, directory);
  EXPECT_EQ(waiting.code, 0) << waiting.err;
  EXPECT_TRUE(std::regex_search(waiting.err, expected)) << waiting.err;
  const ProgramResult folds =
      in_shell("hillock train digits --folds 2 --epochs 200 --patience 0 --threads 1", directory);
  EXPECT_NE(folds.err.find("fold 1 of 2, epoch "), std::string::npos) << folds.err;
  EXPECT_NE(folds.err.find("fold 2 of 2, epoch "), std::string::npos) << folds.err;
}

TEST(SignOfLife, DrawsOnATerminalWhatGoesAwayAgain) {
  const TemporaryDirectory directory;
  const std::regex expected("\r\x1b\\[Kreading stdin: [0-9]+ s so far\r\x1b\\[Knote: ");
  const ProgramResult result = waiting_for_rows(1.6, expected, directory, /*terminal=*/true);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(std::regex_search(result.err, expected)) << result.err;
}

TEST(SignOfLife, TellsThatNoRunHasEndedYet) {
  const TemporaryDirectory directory;
  const ProgramResult result = run_program(
      {"compare", "digits", "--net", "8", "--epochs", "1000000", "--patience", "0", "--seeds", "2", "--threads", "1"},
      {.directory = directory.path(), .interrupt_after = "0 of 2 runs have ended: 2 s so far\n", .tell_every = "0.1"});
  EXPECT_EQ(result.code, 130) << result.err;
}

}  // namespace
}  // namespace hillock::testing

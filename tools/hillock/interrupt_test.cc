// What signals and lost streams do to the program, in processes of their own: what was learned is kept, and no partial
// file is left.
#include "interrupt.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/program.h"
#include "tests/shell.h"

namespace hillock::testing {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

const Names kLongTraining{"train",       "digits", "--epochs", "1000000",   "--patience", "0",
                          "--log-every", "1",      "--json",   "--threads", "1"};

Json last_line(const ProgramResult& result) {
  const std::vector<std::string> out = lines(result.out);
  return out.empty() ? Json() : Json::parse(out.back());
}

ProgramResult in_shell(const std::string& script, const TemporaryDirectory& directory) {
  return run_in_shell(script, {.directory = directory.path()});
}

TEST(Signals, KeepTheBestNetwork) {
  const std::vector<std::pair<int, int>> cases{{SIGINT, 130}, {SIGTERM, 143}, {SIGHUP, 129}};
  for (const auto& [signal, code] : cases) {
    const TemporaryDirectory directory;
    const ProgramResult result = run_program(
        kLongTraining, {.directory = directory.path(), .interrupt_after = "epoch       3/", .signals = {signal}});
    EXPECT_EQ(result.code, code) << result.err;
    EXPECT_EQ(last_line(result)["stopped"], "interrupted") << code;
    EXPECT_EQ(directory.names(), Names{"digits.safetensors"}) << code;
  }
}

TEST(Signals, KeepItWhenTheTerminalIsGone) {
  const TemporaryDirectory directory;
  const ProgramResult result = run_program(kLongTraining, {.directory = directory.path(),
                                                           .interrupt_after = "epoch       3/",
                                                           .signals = {SIGHUP},
                                                           .hang_up = true,
                                                           .terminal = true});
  EXPECT_EQ(result.code, 129);
  EXPECT_EQ(directory.names(), Names{"digits.safetensors"});
}

TEST(Signals, EndFoldsAndComparisons) {
  const TemporaryDirectory directory;
  const ProgramResult compared =
      run_program({"compare", "digits", "--net", "8", "--vary", "epochs=2,1000000", "--patience", "0", "--seeds", "3",
                   "--json", "--threads", "2"},
                  {.directory = directory.path(), .interrupt_after = "runs have ended", .signals = {SIGTERM}});
  EXPECT_EQ(compared.code, 143) << compared.err;
  EXPECT_EQ(last_line(compared)["interrupted"], true);
  Names folds = kLongTraining;
  folds.insert(folds.end(), {"--folds", "3"});
  const ProgramResult folded =
      run_program(folds, {.directory = directory.path(), .interrupt_after = "training  adam", .signals = {SIGTERM}});
  EXPECT_EQ(folded.code, 143) << folded.err;
}

// A closing terminal and timeout(1) send their signals twice.
TEST(Signals, TermAndHangupMayComeTwice) {
  for (const int signal : {SIGTERM, SIGHUP}) {
    const TemporaryDirectory directory;
    const ProgramResult result =
        run_program(kLongTraining,
                    {.directory = directory.path(), .interrupt_after = "epoch       3/", .signals = {signal, signal}});
    EXPECT_EQ(result.code, 128 + signal) << result.err;
    EXPECT_EQ(directory.names(), Names{"digits.safetensors"});
  }
}

// A step takes far longer than the time between the signals.
TEST(Signals, TheSecondEndsAtOnce) {
  const TemporaryDirectory directory;
  for (const int second : {SIGTERM, SIGINT}) {
    const ProgramResult result =
        run_program({"train", "digits", "--net", "1500, 1500", "--batch", "all", "--epochs", "1000", "--patience", "0",
                     "--log-every", "1", "--json", "--threads", "1"},
                    {.directory = directory.path(), .interrupt_after = "epoch    1/", .signals = {SIGINT, second}});
    EXPECT_EQ(result.code, 128 + second) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(directory.names(), Names());
  }
}

TEST(Signals, ThatAreIgnoredStayIgnored) {
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
    const TemporaryDirectory directory;
    const ProgramResult result = run_program(
        {"train", "digits", "--epochs", "30", "--patience", "0", "--log-every", "1", "--json", "--threads", "1"},
        {.directory = directory.path(), .interrupt_after = "epoch  3/", .signals = {signal}, .ignored_signal = signal});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(last_line(result)["stopped"], "epochs");
  }
}

TEST(Signals, LeaveNoHalfOfAPrediction) {
  const TemporaryDirectory directory;
  const ProgramResult result = in_shell(
      "hillock train xor --epochs 1 --quiet --out m.safetensors && mkfifo rows && exec 3<>rows\n" + program_path() +
          " predict m.safetensors - --out p.csv < rows & child=$!\n"
          "printf 'x1,x2\\n0,1\\n' >&3\n"
          "until ls p.csv.partial-* > seen 2> /dev/null; do sleep 0.01; done\n"
          "kill -TERM $child; wait $child; echo $?; rm seen rows",
      directory);
  EXPECT_EQ(result.out, "143\n") << result.err;
  EXPECT_EQ(directory.names(), Names{"m.safetensors"});
}

// Lost output does not prevent the model from being written.
TEST(LostStreams, TakeNoModelAlong) {
  const std::string train = "hillock train xor --epochs 1 --out m.safetensors";
  const std::vector<std::pair<std::string, std::string>> cases{{"2>&-", "0"},         {"2> /dev/full", "0"},
                                                               {"<&- 2>&-", "0"},     {">&-", "1"},
                                                               {"<&- >&- 2>&-", "1"}, {"> /dev/full", "1"}};
  for (const auto& [streams, code] : cases) {
    const TemporaryDirectory directory;
    const ProgramResult result =
        in_shell(train + " " + streams + " ; code=$?; hillock show m.safetensors > shown; echo $code $?", directory);
    EXPECT_TRUE(result.out.ends_with(code + " 0\n")) << streams << ": " << result.out << result.err;
  }
}

TEST(LostStreams, AReaderThatLeavesEndsQuietly) {
  const TemporaryDirectory directory;
  const std::string told = "; echo $? > code; } | true; cat code";
  const ProgramResult trained =
      in_shell("{ sleep 0.1; hillock train xor --quiet --json --epochs 1 --out m.safetensors" + told, directory);
  EXPECT_EQ(trained.out, "141\n");
  EXPECT_EQ(trained.err, "");
  const ProgramResult shown = in_shell("{ sleep 0.1; hillock show m.safetensors" + told, directory);
  EXPECT_EQ(shown.out, "141\n") << "the model is there";
  EXPECT_EQ(shown.err, "");
}

TEST(LostStreams, HelpThatCannotBeWrittenFails) {
  const TemporaryDirectory directory;
  for (const std::string call : {"help", "train --help", "--version", "help layers"}) {
    const ProgramResult result = in_shell("hillock " + call + " > /dev/full", directory);
    EXPECT_EQ(result.code, 1) << call;
    EXPECT_EQ(result.err, "hillock: stdout: could not be written in full; free some space or write to another file\n");
  }
}

TEST(LostStreams, AnErrorNobodyCanReadHasItsExitCode) {
  const TemporaryDirectory directory;
  for (const std::string streams : {"2>&-", "2> /dev/full", ">&- 2>&- <&-"}) {
    EXPECT_EQ(in_shell("hillock train no-such.csv " + streams, directory).code, 2) << streams;
  }
}

// 128 + the signal that ended a child which runs `action`, or its exit code: 0 if it comes to the end.
int code_of(const std::function<void()>& action) {
  const pid_t child = fork();
  if (child == 0) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      const auto was = std::signal(signal, SIG_DFL);
      if (was != SIG_IGN) std::signal(signal, was);  // interrupted() may have been called by another test
    }
    action();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(HalfAFile, StaysAtTheFirstSignalAndGoesWithTheSecond) {
  const TemporaryDirectory directory;
  const std::string partial = directory.write("m.partial", "half");
  EXPECT_EQ(code_of([&] {
              (void)program::interrupted();
              program::remove_when_ended(partial);
              std::raise(SIGINT);
              if (!program::interrupted()) _exit(1);
            }),
            0)
      << "saving goes on";
  EXPECT_EQ(directory.names(), Names{"m.partial"});
  for (const int second : {SIGINT, SIGTERM, SIGHUP}) {
    directory.write("m.partial", "half");
    EXPECT_EQ(code_of([&] {
                (void)program::interrupted();
                std::raise(SIGINT);  // before it is written
                program::remove_when_ended(partial);
                std::raise(second);
              }),
              128 + second);
    EXPECT_EQ(directory.names(), Names{});
  }
}

TEST(HalfAFile, GoesWithTheFirstSignalWhereNothingWaitsForOne) {
  const TemporaryDirectory directory;
  const std::string partial = directory.write("p.partial", "half");
  EXPECT_EQ(code_of([&] {
              std::signal(SIGTERM, SIG_DFL);
              program::remove_when_ended("");
              program::remove_when_ended(partial);
              std::raise(SIGTERM);
            }),
            128 + SIGTERM);
  EXPECT_EQ(directory.names(), Names{});
}

TEST(HalfAFile, IgnoredSignalsStayIgnored) {
  const TemporaryDirectory directory;
  const std::string partial = directory.write("p.partial", "half");
  EXPECT_EQ(code_of([&] {
              std::signal(SIGHUP, SIG_IGN);
              program::remove_when_ended(partial);
              std::raise(SIGHUP);
            }),
            0);
  EXPECT_EQ(directory.names(), Names{"p.partial"});
}

}  // namespace
}  // namespace hillock::testing

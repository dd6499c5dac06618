// Calls that people make: without arguments, with files whose names look like options, with results on stdout, with
// options in the wrong place.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "hillock/error.h"
#include "hillock/model.h"
#include "tests/program.h"
#include "tests/shell.h"

namespace hillock::testing {
namespace {

using Names = std::vector<std::string>;

struct CallingTheProgram : ::testing::Test {
  CallingTheProgram() {
    std::string rows = "a,y\n";
    for (int i = 0; i < 30; ++i) rows += std::to_string(i) + "," + std::to_string(i % 7) + "\n";
    directory.write("-lead.csv", rows);
    directory.write("lead.csv", rows);
  }
  ProgramResult run(const Names& call) const { return run_program(call, {.directory = directory.path()}); }
  ProgramResult in_shell(const std::string& script, bool terminal = false) const {
    return run_in_shell(script, {.directory = directory.path(), .terminal = terminal});
  }
  void expect_refused(const Names& call, const std::string& line) const {
    const ProgramResult result = run(call);
    EXPECT_EQ(result.code, 2) << line;
    EXPECT_EQ(result.err, "hillock: " + line + "\n");
  }

  TemporaryDirectory directory;
};

// On a terminal help is printed. A script that lost the command gets an error, and nothing on stdout.
TEST_F(CallingTheProgram, WithoutArgumentsPrintsHelp) {
  const ProgramResult result = run({});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, run({"help"}).out);
  EXPECT_NE(result.err.find("Train a network on data and save it"), std::string::npos);
}

TEST_F(CallingTheProgram, NamesThatLookLikeOptionsStandBehindTwoDashes) {
  EXPECT_EQ(run({"train", "--target", "y", "--epochs", "2", "--quiet", "--", "-lead.csv"}).code, 0);
  EXPECT_EQ(run({"evaluate", "--", "-lead.safetensors", "-lead.csv"}).code, 0);
  EXPECT_EQ(run({"predict", "--out", "-p.csv", "--", "-lead.safetensors", "-lead.csv"}).code, 0);
  EXPECT_EQ(lines(directory.read("-p.csv")).size(), 31u);
  EXPECT_EQ(run({"show", "./-lead.safetensors", "--"}).code, 0);
  expect_refused({"train", "-lead.csv", "--target", "y"},
                 "train: there is no option -lead.csv; if the file is meant, write ./-lead.csv");
  expect_refused({"train", "--", "-lead.csv", "--target", "y"},
                 "train: --target stands behind --, where nothing is an option; put it before");
}

TEST_F(CallingTheProgram, OptionsStandBehindTheCommand) {
  expect_refused({"--epochs", "3", "train", "lead.csv"},
                 "--epochs stands before the command; put it behind, as in hillock train DATA --epochs");
}

TEST_F(CallingTheProgram, HelpExplainsTheProgramOrACommand) {
  EXPECT_TRUE(run({"help"}).out.starts_with("Hillock trains a neural network"));
  EXPECT_TRUE(run({"help", "help"}).out.starts_with("Explain a command"));
  expect_refused({"--", "show", "m"}, "a command is missing; hillock help lists them");
}

TEST_F(CallingTheProgram, MoreSeedsThanAnybodyTrainsAreRefused) {
  expect_refused({"compare", "lead.csv", "--target", "y", "--seeds", "9223372036854775807"},
                 "compare: --seeds 9223372036854775807 is more than 1000000; give fewer");
}

TEST_F(CallingTheProgram, AModelGoesToStdout) {
  const ProgramResult result = in_shell("hillock train lead.csv --target y --epochs 2 --out - > m.safetensors && ls");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "-lead.csv\nlead.csv\nm.safetensors\n") << "no file of that name";
  EXPECT_NE(result.err.find("\nmodel     stdout\n"), std::string::npos) << result.err;
  EXPECT_EQ(load_model(directory.file("m.safetensors")).target, "y");
  const ProgramResult piped = in_shell("hillock train lead.csv --target y --epochs 2 --quiet --out - | hillock show -");
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_NE(piped.out.find("task           regression of \"y\"\n"), std::string::npos);
  const ProgramResult full = in_shell("hillock train lead.csv --target y --epochs 2 --quiet --out - > /dev/full");
  EXPECT_EQ(full.code, 1);
  EXPECT_EQ(full.err,
            "hillock: stdout: cannot be written (No space left on device); free some space or choose another path\n");
  expect_refused({"train", "lead.csv", "--target", "y", "--out", "-", "--json"},
                 "train: --json and --out - both write to stdout; give a file for the model");
  const ProgramResult typed =
      in_shell("hillock train lead.csv --target y --out - >&2 2> told; cat told", /*terminal=*/true);
  EXPECT_EQ(typed.out,
            "hillock: train: --out - writes the model to stdout, which is a terminal; redirect it or give a file\n");
}

TEST_F(CallingTheProgram, CurvesGoToStdout) {
  const Names compare{"compare", "lead.csv", "--target", "y", "--seeds", "2", "--epochs", "2"};
  Names csv = compare, svg = compare, both = compare;
  csv.insert(csv.end(), {"--csv", "-"});
  svg.insert(svg.end(), {"--svg", "-"});
  both.insert(both.end(), {"--svg", "-", "--json"});
  EXPECT_TRUE(run(csv).out.starts_with("seed,epoch,steps,train_loss,validation_loss\n0,1,"));
  EXPECT_TRUE(run(svg).out.starts_with("<svg "));
  expect_refused(both, "compare: --json, --csv - and --svg - write to stdout; give files for all but one");
  EXPECT_EQ(directory.names(), (Names{"-lead.csv", "lead.csv"}));
}

TEST_F(CallingTheProgram, ValuesOfOptions) {
  EXPECT_EQ(run({"train", "lead.csv", "--target=y", "--epochs=2", "--quiet", "--out=m.safetensors"}).code, 0);
  const std::string once = " takes one value and stands once; hillock help train shows how";
  expect_refused({"train", "lead.csv", "--epochs="}, "train: --epochs" + once);
  expect_refused({"train", "lead.csv", "--epochs"}, "train: --epochs" + once);
  expect_refused({"train", "lead.csv", "--epochs", "2", "--epochs", "3"}, "train: --epochs" + once);
}

}  // namespace
}  // namespace hillock::testing

// hillock train --watch as a user sees it: the picture on a terminal and elsewhere; the results are unchanged.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "draw/text_block.h"
#include "hillock/text.h"
#include "tests/paths.h"
#include "tests/program.h"

namespace hillock::testing {
namespace {

using program::visible_width;

const std::vector<std::string> kXor{"train", "xor", "--net", "dense 2 tanh", "--epochs", "300", "--seed", "1"};

std::vector<std::string> with(std::vector<std::string> call, const std::vector<std::string>& more) {
  call.insert(call.end(), more.begin(), more.end());
  return call;
}

// What follows the log lines.
std::string picture(const ProgramResult& result) {
  const std::size_t log = result.err.rfind("\nepoch ", result.err.find("loss by epoch"));
  return log == std::string::npos ? result.err : result.err.substr(log + 1);
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(ProgramWatch, DrawsOnePictureAtTheEndWhereThereIsNoTerminal) {
  const TemporaryDirectory directory;
  const ProgramResult result = run_program(with(kXor, {"--watch"}), {.directory = directory.path()});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_FALSE(holds(result.err, "\x1b")) << result.err;
  const std::string seen = picture(result);
  EXPECT_TRUE(seen.starts_with("epoch 300/300  step 300  rate 0.02  loss 0.02")) << seen;
  for (const char* part : {"loss by epoch, logarithmic", "300 epochs", "* training", "y by x1 → and x2 ↑", "o 0  x 1",
                           "‖∂E/∂w‖", "dense1     2", "output     1", "stuck for all 4 rows"})
    EXPECT_TRUE(holds(seen, part)) << part << "\n" << seen;
  EXPECT_FALSE(holds(seen, "validation")) << seen;
  for (const std::string& line : lines(seen)) {
    EXPECT_LE(display_width(line), 79u) << line;
    EXPECT_FALSE(line.ends_with(" ")) << line;
  }
  EXPECT_EQ(run_program(with(kXor, {"--watch"}), {.directory = directory.path()}).err, result.err) << "the same bytes";
}

TEST(ProgramWatch, IsWhatItsPageShows) {
  const TemporaryDirectory directory;
  const ProgramResult result =
      run_program({"train", "xor", "--net", "dense 2 tanh", "--seed", "1", "--watch"}, {.directory = directory.path()});
  std::ifstream file(source_directory() / "docs/watch.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::string shown;
  for (const std::string& line : lines(picture(result))) shown += (line.empty() ? "" : "    ") + line + "\n";
  EXPECT_TRUE(holds(page, "\n\n" + shown + "\n")) << shown;
}

TEST(ProgramWatch, ChangesNoBit) {
  const TemporaryDirectory directory;
  for (const auto& call : {kXor, {"train", "digits", "--epochs", "3"}}) {
    std::vector<nlohmann::json> results;
    for (const bool watch : {false, true}) {
      for (const bool terminal : {false, true}) {
        const auto words =
            with(call, watch ? std::vector<std::string>{"--json", "--watch"} : std::vector<std::string>{"--json"});
        const ProgramResult result = run_program(words, {.directory = directory.path(), .terminal = terminal});
        ASSERT_EQ(result.code, 0) << result.err;
        results.push_back(nlohmann::json::parse(result.out));
        EXPECT_EQ(results.back().at("parameters_sha256"), results.front().at("parameters_sha256"));
        EXPECT_EQ(results.back().at("train"), results.front().at("train"));
      }
    }
  }
}

TEST(ProgramWatch, ShowsDigitsWithTheirPredictions) {
  const TemporaryDirectory directory;
  const std::vector<std::string> call{"train", "digits", "--epochs", "10", "--watch"};
  for (const bool terminal : {false, true}) {
    const ProgramResult result = run_program(call, {.directory = directory.path(), .terminal = terminal});
    ASSERT_EQ(result.code, 0) << result.err;
    EXPECT_TRUE(holds(result.err, "validation images, what the network says and how sure it is")) << result.err;
    EXPECT_TRUE(holds(result.err, " %  ")) << result.err;
    EXPECT_TRUE(holds(result.err, terminal ? "▀" : "░░")) << result.err;
  }
}

TEST(ProgramWatch, IsRefusedWithQuiet) {
  const TemporaryDirectory directory;
  const ProgramResult result = run_program(with(kXor, {"--watch", "--quiet"}), {.directory = directory.path()});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err, "hillock: train: --watch draws the training and --quiet asks for nothing; leave one out\n");
  EXPECT_TRUE(directory.names().empty());
}

TEST(ProgramWatch, LeavesStdoutToJson) {
  const TemporaryDirectory directory;
  const ProgramResult result = run_program(with(kXor, {"--watch", "--json"}), {.directory = directory.path()});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(nlohmann::json::parse(result.out).at("epochs"), 300);
  EXPECT_TRUE(holds(result.err, "loss by epoch"));
}

// The pictures among the output to a terminal. Each of their lines ends with the code that clears its rest; a bar that
// a slow machine draws for the linear model begins with that code.
std::vector<std::vector<std::string>> frames(const std::string& err) {
  std::vector<std::vector<std::string>> result;
  std::vector<std::string> frame;
  for (std::string line : lines(err)) {
    const std::size_t end = line.find("\x1b[K");
    if (end == std::string::npos || line.find_first_not_of('\r', end + 3) != std::string::npos) continue;
    line.resize(end);
    const std::size_t begin = line.find("A\r");
    if (line.starts_with("\x1b[") && begin != std::string::npos) line.erase(0, begin + 2);
    if (line.starts_with("\x1b[J")) line.erase(0, 3);
    if (line.starts_with("epoch ") && !frame.empty()) result.push_back(std::move(frame)), frame.clear();
    frame.push_back(line);
  }
  result.push_back(frame);
  return result;
}

TEST(ProgramWatch, RedrawsInPlaceOnATerminal) {
  const TemporaryDirectory directory;
  const std::vector<std::string> call{"train", "digits",    "--net", "128, 64", "--epochs",
                                      "60",    "--threads", "1",     "--watch"};
  const ProgramResult result = run_program(call, {.directory = directory.path(), .terminal = true});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_FALSE(holds(result.err, "\x1b[?")) << "neither a second screen nor a hidden cursor";
  const auto seen = frames(result.err);
  ASSERT_GE(seen.size(), 2u) << result.err;
  for (const auto& frame : seen) {
    EXPECT_LE(frame.size(), 23u);
    for (const std::string& line : frame) EXPECT_LE(visible_width(line), 79u) << line;
  }
  EXPECT_TRUE(holds(result.err, " left")) << "time is told on a terminal";
  EXPECT_TRUE(holds(result.err, "\x1b[36m")) << "in color";
  setenv("NO_COLOR", "1", 1);
  const ProgramResult plain = run_program(call, {.directory = directory.path(), .terminal = true});
  unsetenv("NO_COLOR");
  for (const auto& frame : frames(plain.err)) {
    for (const std::string& line : frame) EXPECT_FALSE(holds(line, "\x1b")) << line;
  }
}

// 300 rows of numbers and names, with `classes` classes, or a numeric target if that is 0.
std::string table(int classes) {
  std::string text = "a,b,c,target\n";
  for (int k = 0; k < 300; ++k) {
    const int other = k * 37 % 101;
    text += std::to_string(k % 17) + "," + std::to_string(other) + ",name" + std::to_string(k % 40) + ",";
    text += classes == 0 ? std::to_string(0.1 * k + other) : "class" + std::to_string(k % classes);
    text += "\n";
  }
  return text;
}

TEST(ProgramWatch, DrawsWhateverIsTrained) {
  const TemporaryDirectory directory;
  directory.write("number.csv", table(0));
  directory.write("many.csv", table(100));
  directory.write("two.csv", table(2));
  struct Case {
    std::vector<std::string> words;
    std::vector<std::string> parts;
  };
  const std::vector<Case> cases{
      {{"number.csv", "--target", "target", "--epochs", "5"}, {"embedding1", "rmse", "o validation"}},
      {{"many.csv", "--target", "target", "--epochs", "1"}, {"1 epoch\n", "accuracy"}},
      {{"many.csv", "--target", "target", "--drop", "c", "--epochs", "2"},
       {"target by a → and b ↑", "A class0", "o validation"}},
      {{"two.csv", "--target", "target", "--drop", "c", "--loss", "hinge", "--epochs", "2"}, {"target by a → and b ↑"}},
      {{"number.csv", "--target", "target", "--drop", "c", "--optimizer", "lbfgs", "--epochs", "5"},
       {"o near it", "dense1"}},
      {{"two.csv", "--target", "target", "--net", "dense 8 relu, dropout 0.5, dense 4 sigmoid", "--epochs", "2"},
       {"dense2         4"}},
      {{"two.csv", "--target", "target", "--net", "", "--folds", "2", "--epochs", "2"}, {"output         1"}},
  };
  for (const Case& item : cases) {
    for (const bool terminal : {false, true}) {
      const ProgramResult result = run_program(with(with({"train"}, item.words), {"--watch"}),
                                               {.directory = directory.path(), .terminal = terminal});
      ASSERT_EQ(result.code, 0) << result.err;
      for (const std::string& part : item.parts)
        EXPECT_TRUE(terminal || holds(result.err, part)) << part << "\n" << result.err;
      for (const std::string& line : lines(result.err.substr(result.err.find("loss by epoch"))))
        EXPECT_LE(visible_width(line), 79u) << line;
    }
  }
}

// The rate rises from 0 until it is far too large.
TEST(ProgramWatch, ALossThatIsNotFiniteLeavesAPicture) {
  const TemporaryDirectory directory;
  const std::vector<std::string> call{"train",       directory.write("number.csv", table(0)),
                                      "--target",    "target",
                                      "--drop",      "c",
                                      "--net",       "dense 3 identity",
                                      "--optimizer", "sgd",
                                      "--lr",        "1000",
                                      "--warmup",    "1",
                                      "--schedule",  "constant",
                                      "--epochs",    "1000",
                                      "--watch"};
  const ProgramResult result = run_program(call, {.directory = directory.path()});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_TRUE(holds(result.err, "loss by epoch")) << result.err;
  EXPECT_TRUE(holds(result.err, "target by a → and b ↑")) << result.err;
}

TEST(ProgramWatch, ShowsTheRestartThatIsKept) {
  const TemporaryDirectory directory;
  const ProgramResult result = run_program({"train", "xor", "--net", "dense 2 relu", "--epochs", "500", "--target-loss",
                                            "0.01", "--restarts", "20", "--watch", "--json"},
                                           {.directory = directory.path()});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  ASSERT_GT(json.at("restarts").get<int>(), 0) << "the seed is lucky: take another";
  EXPECT_TRUE(holds(result.err, "restart " + std::to_string(json.at("restarts").get<int>()) + "  epoch "))
      << result.err;
}

}  // namespace
}  // namespace hillock::testing

// Names that somebody else chose and that contain escapes for the terminal: columns, classes, categories, files,
// arguments, the content of model files. Whatever the program prints is harmless; what it writes as data is unchanged.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/model.h"
#include "tests/program.h"

namespace hillock::testing {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

// An escape, a bell, C1 as UTF-8, a change of direction, DEL.
const std::string kEvil = "\x1b[31mx\x07\u009b2J\u202ey\x7f";

// Checks the bytes by hand, without the program's own decoder.
void expect_harmless(const std::string& text, const std::string& what) {
  const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f; };
  EXPECT_TRUE(std::ranges::none_of(text, is_control)) << what << ":\n" << text;
  for (const std::string_view mark : {"\u009b", "\u202e", "\u2028", "\xff"}) {
    EXPECT_EQ(text.find(mark), std::string::npos) << what << ":\n" << text;
  }
}

struct ForeignText : ::testing::Test {
  // Numbers, a category and a target of two classes, with a column that leaks, a constant one and a duplicate.
  ForeignText() {
    std::string rows = "a" + kEvil + ",b" + kEvil + ",c" + kEvil + ",d" + kEvil + ",e" + kEvil + ",t" + kEvil + "\n";
    for (int i = 0; i < 120; ++i) {
      const int u = i * 37 % 101, v = i * 53 % 97;
      const std::string yes = u + v > 100 ? "1" : "0";
      rows += std::to_string(u) + "," + std::to_string(v) + ",k" + kEvil + std::to_string(i % 3) + ",7," + yes + ",is" +
              kEvil + yes + "\n";
    }
    directory.write(file, rows);
  }
  ProgramResult run(const Names& call, int code = 0) const {
    const ProgramResult result = run_program(call, {.directory = directory.path()});
    std::string words;
    for (const std::string& word : call) words += word + " ";
    EXPECT_EQ(result.code, code) << words << result.err;
    expect_harmless(result.out, words);
    expect_harmless(result.err, words);
    return result;
  }

  TemporaryDirectory directory;
  const std::string file = "evil" + kEvil + ".csv", model = "evil" + kEvil + ".safetensors", target = "t" + kEvil;
};

TEST_F(ForeignText, SteersNoTerminal) {
  const Names train{"train", file, "--target", target, "--epochs", "3", "--threads", "1"};
  const ProgramResult trained = run(train);
  EXPECT_NE(trained.out.find("\"t?[31mx??2J?y?\""), std::string::npos) << trained.out;
  EXPECT_NE(trained.out.find("what looks wrong"), std::string::npos) << trained.out;
  EXPECT_NE(run({"show", model}).out.find("a?[31mx??2J?y?, "), std::string::npos);
  run({"evaluate", model, file});
  run({"plan", model});
  run({"trace", model, file, "--row", "3"});
  Names more = train;
  more.insert(more.end(), {"--watch", "--drop", "c" + kEvil, "--drop", "d" + kEvil, "--drop", "e" + kEvil});
  run(more);
  more = train;
  more.insert(more.end(), {"--folds", "2", "--class-weights", "is" + kEvil + "0=2"});
  run(more);
}

TEST_F(ForeignText, IsTheSameInData) {
  const Names train{"train", file, "--target", target, "--epochs", "3", "--threads", "1", "--json"};
  EXPECT_TRUE(Json::parse(lines(run(train).out).back())["test"]["recall"].contains("is" + kEvil + "1"));
  EXPECT_EQ(Json::parse(run({"show", model, "--json"}).out)["target"], target);
  EXPECT_TRUE(Json::parse(run({"evaluate", model, file, "--json"}).out)["recall"].contains("is" + kEvil + "0"));
  EXPECT_EQ(Json::parse(run({"trace", model, file, "--json"}).out)["columns"][0], "a" + kEvil);
  const ProgramResult predicted =
      run_program({"predict", model, file, "--keep", "a" + kEvil}, {.directory = directory.path()});
  EXPECT_TRUE(predicted.out.starts_with("a" + kEvil + ",prediction,p_is" + kEvil)) << predicted.out.substr(0, 100);
}

TEST_F(ForeignText, IsHarmlessInComparisonsAndPictures) {
  const ProgramResult compared =
      run({"compare", file, "--target", target, "--vary", "drop=a" + kEvil + "|b" + kEvil, "--seeds", "2", "--epochs",
           "3", "--svg", "p.svg", "--csv", "p.csv", "--threads", "1"});
  EXPECT_NE(compared.out.find("drop=a?[31mx??2J?y?"), std::string::npos) << compared.out;
  expect_harmless(directory.read("p.svg"), "p.svg");
  EXPECT_NE(directory.read("p.csv").find("\na" + kEvil), std::string::npos) << directory.read("p.csv");
}

TEST_F(ForeignText, IsHarmlessInErrors) {
  run({"train", file, "--target", "no" + kEvil}, 2);
  run({"train", file, "--target", target, "--numeric", "c" + kEvil}, 2);
  run({"train", "none" + kEvil}, 2);
  run({"train", file, "--" + kEvil}, 2);
  run({"train", file, kEvil}, 2);
  run({kEvil}, 2);
  run({"help", kEvil}, 2);
  run({"train", file, "--net", kEvil}, 2);
  run({"train", file, "--epochs", kEvil}, 2);
  run({"train", file, "--loss", kEvil}, 2);
  run({"train", file, "--target", target, "--out", kEvil + "/" + kEvil}, 2);
  run({"show", file}, 2);
  directory.write("short.csv", "x\xff,y\n1,2\n1\n");
  run({"train", "short.csv", "--target", "y"}, 2);
}

// The training record in a model file may contain any text.
TEST_F(ForeignText, IsHarmlessInAModelsRecord) {
  run({"train", "xor", "--epochs", "1", "--quiet", "--out", "m.safetensors"});
  Model changed = load_model(directory.file("m.safetensors"));
  changed.training =
      Json{{"evil" + kEvil, {{"a" + kEvil, kEvil}, {"loss", 1}}}, {"one" + kEvil, kEvil}, {"list", {{"x", {kEvil}}}}}
          .dump();
  save_model(directory.file("changed.safetensors"), changed);
  const ProgramResult shown = run({"show", "changed.safetensors"});
  EXPECT_NE(shown.out.find("one?[31mx??2J?y?"), std::string::npos) << shown.out;
  run({"show", "changed.safetensors", "--json"});
}

// Names in the data cannot contain bytes that are not text, but file names can.
TEST(ForeignBytes, InAPathDoNotLoseTheModel) {
  const TemporaryDirectory directory;
  std::string rows = "a,y\n";
  for (int i = 0; i < 12; ++i) rows += std::to_string(i) + "," + std::to_string(i % 5) + "\n";
  directory.write("d\xff.csv", rows);
  const ProgramResult result =
      run_program({"train", "d\xff.csv", "--target", "y", "--epochs", "1", "--json"}, {.directory = directory.path()});
  EXPECT_EQ(result.code, 0) << result.err;
  expect_harmless(result.err, "train");
  EXPECT_EQ(Json::parse(lines(result.out).back())["model"], "d\ufffd.safetensors");
  const ProgramResult evaluated =
      run_program({"evaluate", "d\xff.safetensors", "d\xff.csv", "--json"}, {.directory = directory.path()});
  EXPECT_EQ(evaluated.code, 0) << evaluated.err;
}

}  // namespace
}  // namespace hillock::testing

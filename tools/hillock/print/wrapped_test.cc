// Breaking lines, with columns counted by hand.
#include "print/wrapped.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "hillock/text.h"
#include "tests/program.h"

namespace hillock::program {
namespace {

TEST(Wrapped, KeepsTheColumnOfTheText) {
  EXPECT_EQ(wrapped("  --out MODEL    The model to write, or nothing\n\nend", 44),
            "  --out MODEL    The model to write, or\n"
            "                 nothing\n"
            "\n"
            "end");
  EXPECT_EQ(wrapped("  --na TEXT   年収 年収 年収 年収 年収 年収", 39),
            "  --na TEXT   年収 年収 年収 年収 年収\n"
            "              年収")
      << "each takes four columns";
  EXPECT_EQ(wrapped("what fits  stays\n", 16), "what fits  stays\n");
}

TEST(Wrapped, PutsTheTextBelowWhereThereIsLittleRoom) {
  EXPECT_EQ(wrapped("  --validation FRACTION|FILE     Rows that choose the best epoch", 40),
            "  --validation FRACTION|FILE\n"
            "      Rows that choose the best epoch");
  EXPECT_EQ(wrapped("                                  Rows that choose the best epoch and more", 40),
            "      Rows that choose the best epoch\n"
            "      and more");
}

TEST(Wrapped, IndentsTheRestOfALineWithoutColumns) {
  EXPECT_EQ(wrapped("  hillock train mnist/ --net 30 --loss logistic", 32),
            "  hillock train mnist/ --net 30\n"
            "      --loss logistic");
  EXPECT_EQ(wrapped("averyveryverylongwordthatfitsnowhere and more", 20),
            "averyveryverylongwordthatfitsnowhere\n"
            "and more");
}

std::string words(const std::string& text) {
  std::istringstream stream(text);
  std::string joined;
  for (std::string word; stream >> word;) joined += word + " ";
  return joined;
}

TEST(ProgramHelp, IsAsWideAsColumnsSays) {
  using testing::lines;
  const auto help = [](const std::string& columns, const std::string& topic) {
    const std::string call = columns + " " + program_path() + " help " + topic;
    return testing::run_program({"-c", call}, {.program = "/bin/sh"}).out;
  };
  for (const std::string topic : {"", "train", "compare", "trace", "layers", "recipe", "optimizers"}) {
    const std::string plain = help("unset COLUMNS;", topic);
    EXPECT_EQ(help("COLUMNS=nonsense", topic), plain);
    for (const std::string columns : {"50", "72", "120"}) {
      const std::string text = help("COLUMNS=" + columns, topic);
      for (const std::string& line : lines(text)) EXPECT_LE(display_width(line), std::stoul(columns)) << line;
      EXPECT_EQ(words(text), words(plain)) << topic;
    }
  }
}

TEST(ProgramHelp, IsAsWideAsTheTerminal) {
  const std::string call = program_path() + " help train >&2";
  const std::string text = testing::run_program({"-c", call}, {.terminal = true, .program = "/bin/sh"}).err;
  const std::vector<std::string> shown = testing::lines(text);
  EXPECT_GT(shown.size(), 40u);
  for (const std::string& line : shown) EXPECT_LE(display_width(line.substr(0, line.find('\r'))), 80u) << line;
}

}  // namespace
}  // namespace hillock::program

// How a table's first lines are interpreted: lines before the table, a header, row names, the delimiter.
#include "data/layout.h"

#include <fmt/format.h>

#include "data/data_testing.h"

namespace hillock {
namespace {

using Names = std::vector<std::string>;

std::string line_of(int cells, int value) {
  std::string line = fmt::format("{}.5", value);
  for (int i = 1; i < cells; ++i) line += fmt::format(",{}", value + i);
  return line + "\n";
}

// scikit-learn's files begin with the numbers of rows and columns and the names of the classes.
TEST(Layout, AShortFirstLineIsNoRow) {
  const std::string table = line_of(8, 1) + line_of(8, 2) + line_of(8, 3);
  const LoadedData data = parse("3,7,malignant,benign\n" + table, {.target = "last"});
  EXPECT_EQ(data.train.rows(), 3);
  EXPECT_EQ(data.train.target, "c8");
  ASSERT_EQ(data.notes.size(), 2u);
  EXPECT_EQ(data.notes[0], "1 line before the table is left out (the first: \"3,7,malignant,benign\")");
  const LoadedData more = parse("Station;Berlin\nFrom;2020\na;b;c;t\n1;2;3;0\n2;3;4;1\n", {.target = "t"});
  EXPECT_EQ(more.train.columns, (Names{"a", "b", "c"}));
  EXPECT_EQ(more.notes, (Names{"2 lines before the table are left out (the first: \"Station;Berlin\")"}));
}

// A line that may be a mistake is refused: a line more than half as long as the others, a line similar to a later one,
// a line with a name that an option gives, or a short line before too few rows.
TEST(Layout, AShortLineThatMayBeASlipIsRefused) {
  const std::string expected =
      "t.csv: line 1 has 2 cells, expected {} as in the other lines; correct the line (cells are "
      "separated by \",\")";
  EXPECT_EQ(parse_error("7,x\n1,2,3\n4,5,6\n", {.target = "last"}), fmt::format(fmt::runtime(expected), 3));
  EXPECT_EQ(parse_error("1,2\n1,2,3,4\n4,5,6,7\n1,2\n4,5,6,8\n", {.target = "last"}),
            fmt::format(fmt::runtime(expected), 4));
  EXPECT_EQ(parse_error("t,x\n1,2,3,4\n4,5,6,7\n", {.target = "t"}), fmt::format(fmt::runtime(expected), 4));
}

// R writes a column of row names without a header above it.
TEST(Layout, AHeaderMayLeaveOutTheRowsNames) {
  const std::string note =
      "the header has one name less than the rows have cells, so the first column is called c1 and taken as the rows' "
      "names";
  const LoadedData numbered = parse(
      "\"age\",\"job\",\"t\"\n\"1\",30,\"cook\",0.5\n\"2\",31,\"clerk\",1.5\n\"5\",29,\"cook\",2\n", {.target = "t"});
  EXPECT_EQ(numbered.train.columns, (Names{"c1", "age", "job"}));
  EXPECT_EQ(numbered.train.features.at(1), 30);
  EXPECT_EQ(numbered.notes[0], note);
  const LoadedData named = parse("mpg cyl t\nMazda 21 6 1\nFiat 32.4 4 0\nVolvo 21.4 4 0\n", {.target = "t"});
  EXPECT_EQ(named.train.columns, (Names{"c1", "mpg", "cyl"}));
  EXPECT_EQ(named.notes[0], note);
}

// If a name is missing elsewhere in the header, the other names must not shift.
TEST(Layout, AHeaderThatLacksANameIsRefused) {
  const std::string expected =
      "t.csv: line 1 has 3 cells, expected 4 as in the other lines; correct the line (cells are "
      "separated by \",\")";
  for (const char* rows : {"30,cook,7,1\n30,clerk,8,0\n29,cook,9,1\n", "30,cook,7,1\n31,clerk,8,0\n29,cook,9,1\n",
                           "1.5,cook,7,1\n2.5,clerk,8,0\n3.5,cook,9,1\n", "x,1,7,1\nx,2,8,0\ny,3,9,1\n"}) {
    EXPECT_EQ(parse_error(std::string("age,job,t\n") + rows, {.target = "t"}), expected) << rows;
  }
  EXPECT_EQ(parse_error("1,2,3\n1,2,3,4\n2,5,6,7\n", {.target = "last"}), expected);
  EXPECT_EQ(parse_error("a,b,t\n1,2,3,4\n2,5,6,7\n", {.target = "last", .header = false}), expected);
}

TEST(Layout, AHeaderWithNumbersIsTold) {
  const LoadedData data = parse("150,4,setosa\n5.1,3.5,0\n4.9,3.0,1\n", {.target = "last"});
  EXPECT_EQ(data.train.rows(), 2);
  EXPECT_EQ(data.notes, (Names{"the first line is taken as the columns' names (150, 4, setosa) although \"150\" is a "
                               "number; pass --header no if it holds data"}));
  EXPECT_TRUE(parse("150,4,setosa\n5.1,3.5,0\n4.9,3.0,1\n", {.target = "last", .header = true}).notes.empty());
}

TEST(Layout, BlanksSeparateWhereNothingElseDoes) {
  const std::string text = "  age   weight t\n 30  71.5   0 \n 31 80 1\n 29      65  1\n";
  for (const std::optional<char> delimiter : {std::optional<char>(), std::optional(' ')}) {
    const LoadedData data = parse(text, {.target = "t", .delimiter = delimiter});
    EXPECT_EQ(data.train.columns, (Names{"age", "weight"}));
    EXPECT_EQ(data.train.rows(), 3);
    EXPECT_EQ(data.train.features.at(1), 71.5);
    EXPECT_EQ(data.train.features.at(4), 29);
  }
  EXPECT_EQ(parse("\"a b\" t\n1 0\n2 1\n", {.target = "t"}).train.columns, (Names{"a b"}));
  EXPECT_EQ(parse_error("a b c\n1 2 3\n4 5\n", {.target = "c", .delimiter = ' '}),
            "t.csv: line 3 has 2 cells, expected 3 as in the other lines; correct the line (cells are separated by "
            "spaces)");
}

TEST(Layout, OneCellALineIsNotEnough) {
  EXPECT_EQ(
      parse_error("a\n1\n2\n", {.target = "a"}),
      "t.csv: has no column beside the target \"a\"; add features, or give --delimiter if its lines hold more than "
      "one cell");
  EXPECT_EQ(parse_error("a,t\n1,0\n2,1\n", {.target = "t", .drop = {"a"}}),
            "t.csv: options leave no column beside the target \"t\"; drop fewer");
}

}  // namespace
}  // namespace hillock

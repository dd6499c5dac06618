// Whether the first line names the columns, and what columns of one name are called.
#include "data/header.h"

#include "data/layout_testing.h"

namespace hillock {
namespace {

using Names = std::vector<std::string>;

const ReadOptions kLast = {.target = "last", .task = Task::regression};

TEST(Header, NumbersOfColumnsAreNames) {
  for (const char* header : {"0,1,2\n", "1,2,3\n", "2018,2019,2020\n", "1999,2004,2020\n"}) {
    const LoadedData data = parse(header + line_rows(), kLast);
    expect_line(data.train, header);
    EXPECT_TRUE(any_note_has(data, "the first line is taken as the columns' names")) << header;
    EXPECT_TRUE(any_note_has(data, "pass --header no if it holds data")) << header;
    ReadOptions no = kLast;
    no.header = false;
    EXPECT_EQ(parse(header + line_rows(), no).train.rows(), kLineRows + 1) << header;
  }
  // With an index, with a name, over whole numbers, over two columns.
  EXPECT_EQ(parse(",0,1,2\n0,5.5,1,3\n1,2.5,7,4\n2,1.5,2,8\n", kLast).train.rows(), 3);
  EXPECT_EQ(parse("country,2018,2019,2020\nA,5,1,3\nB,2,7,4\nC,1,2,8\nA,3,2,1\n", kLast).train.columns,
            (Names{"country", "2018", "2019"}));
  EXPECT_EQ(parse("0,1,2\n5,3,1\n7,2,0\n4,4,9\n", kLast).train.rows(), 3);
  EXPECT_EQ(parse("0,1\n5.5,3.25\n7.5,2.5\n4.5,4.1\n", kLast).train.rows(), 3);
}

TEST(Header, RowsOfNumbersAreData) {
  for (const char* text : {"1,2,3\n4,5,6\n7,8,9\n", "0,1\n1,0\n1,1\n", "1,2,3\n2,5,7\n7,9,9\n", "0,0,1\n0,1,1\n1,0,0\n",
                           "3,5,7\n1,2,4\n2,2,2\n", "0.5,1.5,2.5\n3,2,1\n2,1,4\n", "2018,2019\n2017,2020\n2016,2015\n",
                           "5,6,7\n1,9,4\n2,2,2\n", "4,3,2\n1,9,4\n2,2,5\n"}) {
    EXPECT_EQ(parse(text, kLast).train.rows(), 3) << text;
  }
}

// A model's names decide, whether they are numbers or not.
TEST(Header, PredictionDecidesAsTrainingDid) {
  ReadOptions model = {
      .target = "2", .task = Task::regression, .require_target = false, .expected_columns = {"0", "1"}};
  for (const char* header : {"0,1,2\n", "0,1\n", "1,0\n"}) {
    EXPECT_EQ(parse(std::string(header) + (header[3] == ',' ? "5,3,1\n" : "5,3\n"), model).train.rows(), 1) << header;
  }
  EXPECT_EQ(parse("5,3\n7,2\n", model).train.rows(), 2);
  model.expected_columns = {"c1", "c2"};
  model.target = "c3";
  EXPECT_EQ(parse("0,1,2\n5,3,1\n7,2,0\n4,4,9\n", model).train.rows(), 4);
  EXPECT_EQ(parse("2018,2019\n5,3\n7,2\n", model).train.rows(), 3);
  model.expected_columns = {"0"};
  EXPECT_EQ(parse("0\n5.5\n7.5\n", model).train.rows(), 3);
}

TEST(Header, EqualNamesAreToldApart) {
  const LoadedData data = parse("a,b,a,y\n1,2,3,4\n5,6,7,9\n2,3,9,1\n", {.target = "y"});
  EXPECT_EQ(data.train.columns, (Names{"a#1", "b", "a#2"}));
  EXPECT_TRUE(any_note_has(data, "columns 1, 3 are all called \"a\"; here they are called \"a#1\", \"a#2\""));
  EXPECT_EQ(parse("a,b,a,y\n1,2,3,4\n5,6,7,9\n2,3,9,1\n", {.target = "y", .drop = {"3"}}).train.columns,
            (Names{"a#1", "b"}));
  EXPECT_EQ(parse("a,b,a,y\n1,2,3,4\n5,6,7,9\n2,3,9,1\n", {.target = "a#2"}).train.targets.at(1), 7);
  EXPECT_EQ(parse_error("a,b,a,y\n1,2,3,4\n5,6,7,9\n2,3,9,1\n", {.target = "a"}),
            "t.csv: has no column \"a\" for the target; the columns are a#1, b, a#2, y");
  EXPECT_EQ(parse("a,a#1,a,y\n1,2,3,4\n5,6,7,9\n2,3,9,1\n", {.target = "y"}).train.columns,
            (Names{"a##1", "a#1", "a##2"}));
  const ReadOptions model = {
      .target = "y", .task = Task::regression, .require_target = false, .expected_columns = {"a#1", "b"}};
  EXPECT_EQ(parse("a,b,a,y\n1,2,3,4\n", model).train.features.at(0), 1);
}

}  // namespace
}  // namespace hillock

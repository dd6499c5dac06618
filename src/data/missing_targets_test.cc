// Rows without a target are left out, and everything that belongs to them.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/error_testing.h"
#include "core/tensor_testing.h"
#include "hillock/data.h"

namespace hillock {
namespace {

constexpr const char* kTable =
    "x,w,site,when,y\n"
    "1,1,a,10,3\n"
    "2,2,b,11,\n"
    "3,3,a,12,5\n"
    "4,4,c,13,NA\n"
    "5,5,b,14,7\n";

TEST(MissingTargets, RowsAreLeftOutWithAllThatBelongsToThem) {
  const LoadedData data = parse_table(
      kTable, "t.csv", {.target = "y", .task = Task::regression, .weights = "w", .group = "site", .time = "when"});
  EXPECT_EQ(elements_of(data.train.features), (std::vector<double>{1, 3, 5}));
  EXPECT_EQ(elements_of(data.train.targets), (std::vector<double>{3, 5, 7}));
  EXPECT_EQ(elements_of(data.train.weights), (std::vector<double>{1, 3, 5}));
  EXPECT_EQ(data.train.groups, (std::vector<std::int32_t>{0, 0, 1}));
  EXPECT_EQ(data.train.times, (std::vector<double>{10, 12, 14}));
  ASSERT_FALSE(data.notes.empty());
  EXPECT_EQ(data.notes[0], "t.csv: 2 rows without a target are left out (first: line 3)");
}

TEST(MissingTargets, DoNotShiftThePlaceOfAnAbsurdCell) {
  std::string table = "x,y\n";
  for (int row = 0; row < 200; ++row) {
    table += (row == 150 ? "1e20" : std::to_string(row * 37 % 101) + ".5") + "," +
             (row % 9 == 0 ? "" : std::to_string(row % 7) + ".5") + "\n";
  }
  const LoadedData data = parse_table(table, "t.csv", {.target = "y"});
  EXPECT_TRUE(std::ranges::any_of(data.notes, [](const std::string& note) {
    return note.find("line 152") != std::string::npos && note.find("1e20") != std::string::npos;
  })) << data.notes.back();
}

TEST(MissingTargets, AreRefusedWhereMissingCellsAre) {
  EXPECT_EQ(error_of([] {
              (void)parse_table(kTable, "t.csv", {.target = "y", .task = Task::regression, .missing = Missing::refuse});
            }),
            "t.csv: target column \"y\" has 2 missing cells (first: line 3, \"\"); fill them in, or pass --missing "
            "drop-rows to leave these rows out");
}

TEST(MissingTargets, AreDroppedLikeOtherCells) {
  const LoadedData data = parse_table("x,y\n1,3\n,4\n3,\n5,6\n", "t.csv",
                                      {.target = "y", .task = Task::regression, .missing = Missing::drop_rows});
  EXPECT_EQ(elements_of(data.train.features), (std::vector<double>{1, 5}));
  EXPECT_EQ(elements_of(data.train.targets), (std::vector<double>{3, 6}));
}

TEST(MissingTargets, OfClassesAndOfAModelsFileAreLeftOutToo) {
  const std::string table = "x,y\n1,cat\n2,\n3,dog\n4,cat\n";
  const LoadedData data = parse_table(table, "t.csv", {.target = "y"});
  EXPECT_EQ(data.train.classes, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(elements_of(data.train.targets), (std::vector<double>{0, 1, 0}));
  const LoadedData second = parse_table("x,y\n1,dog\n2,\n", "s.csv",
                                        {.target = "y", .expected_columns = {"x"}, .expected_classes = {"cat", "dog"}});
  EXPECT_EQ(elements_of(second.train.targets), (std::vector<double>{1}));
  EXPECT_EQ(second.train.rows(), 1);
}

TEST(MissingTargets, OfSeveralLeaveOutRowsThatLackOne) {
  const LoadedData data = parse_table("x,a,b\n1,2,3\n2,,4\n3,5,6\n4,7,\n5,8,9\n", "t.csv", {.target = "a,b"});
  EXPECT_EQ(elements_of(data.train.features), (std::vector<double>{1, 3, 5}));
  EXPECT_EQ(elements_of(data.train.targets), (std::vector<double>{2, 3, 5, 6, 8, 9}));
  EXPECT_EQ(error_of([] { (void)parse_table("x,a,b\n1,2,\n2,,4\n", "t.csv", {.target = "a,b"}); }),
            "t.csv: no row has all of its targets; fill them in");
}

TEST(MissingTargets, OfEveryRowAreRefused) {
  EXPECT_EQ(error_of([] { (void)parse_table("x,y\n1,\n2,NA\n", "t.csv", {.target = "y"}); }),
            "t.csv: target column \"y\" has no value in any row; choose another");
}

TEST(Targets, OfTextsThatAllDifferAreRefused) {
  std::string table = "x,name\n";
  for (int row = 0; row < 30; ++row) table += std::to_string(row % 4) + ",person " + std::to_string(row) + "\n";
  EXPECT_EQ(error_of([&] { (void)parse_table(table, "t.csv", {.target = "name"}); }),
            "t.csv: target column \"name\" has another text in every row; there is nothing to learn from it, choose "
            "another");
}

}  // namespace
}  // namespace hillock

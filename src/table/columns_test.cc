// What a job reports about the columns of its data.
#include "table/columns.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "data/data_testing.h"
#include "hillock/table.h"

namespace hillock {
namespace {

// A table with one column for each thing that may happen to a column.
std::string table() {
  std::string text = "id,age,town,patient,weight,note,empty,comment,y\n";
  for (int i = 0; i < 60; ++i) {
    text += fmt::format("{},{},{},p{},{},n{},,{},{}\n", i + 1, i % 4 == 0 ? "" : fmt::to_string(20 + i % 7),
                        i % 3 == 0 ? "a" : "b", i / 4, 1 + i % 2, i, i % 5, i % 2 == 0 ? "yes" : "no");
  }
  return text;
}

const TableOptions kOptions{
    .target = "y", .drop = {"comment"}, .weights = "weight", .group = "patient", .test = 0.0, .net = "3", .epochs = 2};

TEST(TableColumns, TellWhatBecameOfEach) {
  const TestDirectory directory;
  const TableResult result = train_table(directory.write("table.csv", table()), kOptions);
  std::vector<std::string> told;
  for (const ColumnAccount& column : result.columns) {
    told.push_back(fmt::format("{}: {}{}", column.name, name_of(column.role),
                               column.reason.empty() ? "" : fmt::format(", {}", column.reason)));
  }
  EXPECT_EQ(told,
            (std::vector<std::string>{
                "id: left out, numbers the rows", "age: feature", "town: feature", "patient: group", "weight: weights",
                "note: left out, has another text in every row", "empty: left out, has no value in any row",
                "comment: left out, is named by --drop", "y: target"}));
  const ColumnAccount& age = result.columns[1];
  EXPECT_TRUE(age.encoding.missing);
  EXPECT_EQ(age.inputs, 2);
  EXPECT_EQ(age.scale, Scale::standard);
  EXPECT_EQ(age.offset, result.model.features.offset[0]);
  EXPECT_EQ(result.columns[2].encoding.categories, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(result.columns[2].missing, 0);
}

TEST(TableColumns, CountMissingCellsOfTheTrainingRows) {
  const TestDirectory directory;
  const TableJob job(directory.write("table.csv", table()), kOptions);
  const std::int64_t trained = job.splits().train.rows();
  std::int64_t marked = 0;  // missing cells, counted by the indicator input
  for (std::int64_t row = 0; row < trained; ++row) {
    marked += job.splits().train.features.at(row * job.splits().train.features.shape()[1] + 1) == 1 ? 1 : 0;
  }
  EXPECT_EQ(job.columns()[1].missing, marked);
  EXPECT_EQ(marked, trained / 4) << "one of each patient's four rows";
  EXPECT_LT(marked, 15) << "some patients are validation rows";
}

TEST(TableColumns, OfRowsInMemoryAreTheirColumnsAndTheTarget) {
  const TableResult result = train_table(load_builtin("iris"), {.net = "3", .epochs = 2});
  ASSERT_EQ(result.columns.size(), 5u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(result.columns[i].name, result.model.columns[i]);
    EXPECT_EQ(result.columns[i].first_input, static_cast<std::int64_t>(i));
  }
  EXPECT_EQ(result.columns[4].role, ColumnRole::target);
}

// The last of 60 rows ordered by time are validation and test rows, and only they have cells in "late".
TEST(TableColumns, TellOfAColumnThatNoTrainingRowHasACellIn) {
  std::string text = "t,a,late,y\n";
  for (int i = 0; i < 60; ++i) {
    text += fmt::format("{},{},{},{}\n", i, (i * 7) % 11, i >= 55 ? fmt::to_string(i % 4) : "", i % 2 == 0 ? "x" : "o");
  }
  const TestDirectory directory;
  const TableJob job(directory.write("table.csv", text), {.target = "y", .time = "t", .net = "2"});
  ASSERT_EQ(job.columns().size(), 4u);
  EXPECT_EQ(job.columns()[0].role, ColumnRole::time);
  EXPECT_EQ(job.columns()[2].role, ColumnRole::left_out);
  EXPECT_EQ(job.columns()[2].reason, "has no value in any training row");
}

}  // namespace
}  // namespace hillock

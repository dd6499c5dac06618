// Which columns are left out, and which are kept.
#include "data/column_audit.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "core/error_testing.h"
#include "hillock/data.h"

namespace hillock {
namespace {

// Of the column x beside a column that repeats, in 200 rows.
LoadedData read(const std::function<std::string(int row)>& x, bool alone = false,
                const ReadOptions& options = {.target = "y"}) {
  std::string text = alone ? "x,y\n" : "x,other,y\n";
  for (int row = 0; row < 200; ++row)
    text += x(row) + (alone ? "," : "," + std::to_string(row % 5) + ".5,") + std::to_string(row * 7 % 31) + "\n";
  return parse_table(text, "t.csv", options);
}

std::string reason(const std::function<std::string(int row)>& x) {
  for (const ReadColumn& column : read(x).columns)
    if (column.name == "x") return column.reason;
  return "not found";
}

TEST(ColumnAudit, LeavesOutIdsWithGaps) {
  EXPECT_EQ(reason([](int row) { return std::to_string(row + 1); }), "numbers the rows");
  EXPECT_EQ(reason([](int row) { return std::to_string(row * 5 / 4); }), "numbers the rows");            // 80 % of them
  EXPECT_EQ(reason([](int row) { return std::to_string(1000 + row * 77 % 251); }), "numbers the rows");  // in any order
}

TEST(ColumnAudit, KeepsWholeNumbersThatMeasure) {
  EXPECT_EQ(reason([](int row) { return std::to_string(row * row); }), "");   // each once, from a wide range
  EXPECT_EQ(reason([](int row) { return std::to_string(row % 100); }), "");   // twice
  EXPECT_EQ(reason([](int row) { return std::to_string(row) + ".5"; }), "");  // no whole number
  EXPECT_EQ(reason([](int row) { return row == 9 ? "" : std::to_string(row); }),
            "");  // a counter has no gaps in its cells
}

TEST(ColumnAudit, LeavesOutTextsThatNearlyAllDiffer) {
  const auto name = [](int row) { return "person " + std::to_string(row); };
  EXPECT_EQ(reason(name), "has another text in every row");
  EXPECT_EQ(reason([&](int row) { return name(row == 1 ? 0 : row); }), "has another text in nearly every row");
  EXPECT_EQ(reason([&](int row) { return row % 2 == 0 ? "" : name(row); }), "has another text in nearly every row");
  EXPECT_EQ(reason([&](int row) { return name(row / 10 % 2 == 0 ? row : row / 2); }), "");
}

TEST(ColumnAudit, LeavesOutFreeText) {
  EXPECT_EQ(reason([](int row) { return "the pump number " + std::to_string(row * 2 / 3) + " was heard to rattle"; }),
            "holds free text");
}

TEST(ColumnAudit, RefusesAnOnlyColumnOfTextsThatDiffer) {
  const auto name = [](int row) { return "person " + std::to_string(row); };
  EXPECT_EQ(error_of([&] { (void)read(name, /*alone=*/true); }),
            "t.csv: column \"x\" has another text in every row, and no other column can help; add features, or pass "
            "--categorical \"x\" to keep it");
  EXPECT_EQ(read(name, true, {.target = "y", .categorical = {"x"}}).train.columns.size(), 1u);
}

TEST(ColumnAudit, KeepsAnOnlyColumnThatCounts) {
  EXPECT_EQ(read([](int row) { return std::to_string(row); }, /*alone=*/true).train.columns.size(), 1u);
}

}  // namespace
}  // namespace hillock

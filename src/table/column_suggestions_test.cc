// What is suggested for columns.
#include "table/column_suggestions.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "hillock/data.h"

namespace hillock {
namespace {

// For the column `name` of 240 rows that hold x(row) and y(row).
std::string suggestion(const std::string& name, const std::function<std::string(int)>& x,
                       const std::function<double(int)>& y, const std::string& group = "") {
  std::string text = name + ",other,site,y\n";
  for (int row = 0; row < 240; ++row) {
    text += x(row) + "," + std::to_string(row * 31 % 97) + ".5,s" + std::to_string(row % 3) + "," +
            std::to_string(y(row)) + "\n";
  }
  const LoadedData data = parse_table(text, "t.csv", {.target = "y", .group = group});
  std::vector<ColumnAccount> columns;
  for (const std::string& column : data.train.columns) columns.push_back({.name = column});
  suggest_for_columns(columns, data.train);
  return columns[0].suggestion;
}

double noise(int row) { return row * 7919 % 101 / 100.0; }

TEST(ColumnSuggestions, GroupForRepeatedIds) {
  const auto number = [](int row) { return std::to_string(1000 + row / 4); };
  const auto text = [](int row) { return "P" + std::to_string(row / 4); };
  for (const char* name : {"patient_id", "PatientID", "customerId", "Subject", "user id"}) {
    EXPECT_EQ(suggestion(name, number, noise),
              "--group \"" + std::string(name) + "\" keeps rows of one " + name + " on one side of a split");
    EXPECT_NE(suggestion(name, text, noise), "") << name;
  }
  EXPECT_EQ(suggestion("patient_id", text, noise, "site"), "") << "rows are grouped already";
  for (const char* name : {"width", "humid", "video", "idle"}) EXPECT_EQ(suggestion(name, number, noise), "") << name;
}

TEST(ColumnSuggestions, CategoriesForCodes) {
  const auto code = [](int row) { return std::to_string(row % 8 + 1); };
  const double by_code[] = {3, 9, 1, 8, 2, 7, 0, 6};
  EXPECT_EQ(suggestion("branch", code, [&](int row) { return by_code[row % 8] + noise(row); }),
            "if these are codes, --categorical \"branch\" takes each as a category");
  EXPECT_EQ(suggestion("branch", code, noise), "") << "the target does not depend on it";
  EXPECT_EQ(suggestion("grade", code, [](int row) { return 2.0 * (row % 8) + noise(row); }), "") << "a line";
  EXPECT_EQ(suggestion("dose", code, [](int row) { return (row % 8 - 3.0) * (row % 8 - 3.0) + noise(row); }), "")
      << "a parabola";
}

}  // namespace
}  // namespace hillock

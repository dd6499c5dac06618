// Dates in the table job: what is learnt from them, what is told, a second file in another form.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "data/data_testing.h"
#include "hillock/nn.h"
#include "hillock/table.h"

namespace hillock {
namespace {

std::string iso(double time) { return date_text(time); }

// Rows "when,x,y", y a function of the time, in no order.
std::string table(int rows, double step, const std::function<double(double)>& y,
                  const std::function<std::string(double)>& written = iso) {
  std::string text = "when,x,y\n";
  for (int k = 0; k < rows; ++k) {
    const double time = 1704067200 + step * ((k * 7919) % rows);
    text += fmt::format("{},{},{:.4f}\n", written(time), k % 5, y(time));
  }
  return text;
}

TableResult trained(const TestDirectory& directory, const std::string& text, TableOptions options = {}) {
  options.target = "y";
  options.threads = 1;
  options.epochs = options.epochs.value_or(40);
  return train_table(directory.write("t.csv", text), options);
}

TEST(DateTable, LearnsWhatDependsOnTheHour) {
  const TestDirectory directory;
  const auto rush = [](double time) { return std::fmod(time / 3600, 24) < 7 ? 10.0 : 20 + std::fmod(time / 3600, 24); };
  const TableResult result = trained(directory, table(3000, 3 * 3600, rush));
  ASSERT_TRUE(result.scores.test);
  EXPECT_GT(result.scores.test->r2, 0.97);
  const auto& notes = result.notes;
  EXPECT_NE(std::ranges::find(notes, "column \"when\" holds dates"), notes.end());
  EXPECT_NE(std::ranges::find(
                notes, "of column \"when\" the time, the hour, the weekday and the day of the year become inputs"),
            notes.end());
}

TEST(DateTable, LearnsWhatDependsOnTheWeekday) {
  const TestDirectory directory;
  const auto weekend = [](double time) {
    const int day = static_cast<int>(std::fmod(time / 86400 + 4, 7));
    return day == 0 || day == 6 ? 30.0 : 5.0 + day;
  };
  EXPECT_GT(trained(directory, table(1500, 86400, weekend)).scores.test->r2, 0.97);
}

TEST(DateTable, ReadsAFileForTheTestInAnotherForm) {
  const TestDirectory directory;
  const auto hour = [](double time) { return std::fmod(time / 3600, 24); };
  const std::string test = directory.write("test.csv", table(60, 5 * 3600, hour, [](double time) {
                                             return date_text(time) + (std::fmod(time, 86400) == 0 ? "" : "Z");
                                           }));
  const std::string same = directory.write("same.csv", table(60, 5 * 3600, hour));
  TableOptions options{.epochs = 3};
  options.test = test;
  const double r2 = trained(directory, table(400, 5 * 3600, hour), options).scores.test->r2;
  options.test = same;
  EXPECT_EQ(trained(directory, table(400, 5 * 3600, hour), options).scores.test->r2, r2);
}

}  // namespace
}  // namespace hillock

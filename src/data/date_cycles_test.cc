// Which cycles are inputs, for times as they are found in tables.
#include "data/date_cycles.h"

#include <gtest/gtest.h>

#include <vector>

#include "data/dates.h"

namespace hillock {
namespace {

using nn::Cycle;
using Cycles = std::vector<Cycle>;
constexpr double kHour = 3600, kDay = 86400;

std::vector<double> every(double step, int count, double first = 1704067200) {
  std::vector<double> times;
  for (int k = 0; k < count; ++k) times.push_back(first + step * k);
  return times;
}

TEST(DateCycles, ThoseThatTheTimesGoThrough) {
  EXPECT_EQ(cycles_of(every(kHour, 24 * 730)), (Cycles{Cycle::day, Cycle::week, Cycle::year}));
  EXPECT_EQ(cycles_of(every(kDay, 730)), (Cycles{Cycle::week, Cycle::year}));
  EXPECT_EQ(cycles_of(every(kDay, 60)), (Cycles{Cycle::week}));
  EXPECT_EQ(cycles_of(every(7 * kDay, 104)), (Cycles{Cycle::year}));
  EXPECT_EQ(cycles_of(every(kHour, 48)), (Cycles{Cycle::day}));
  EXPECT_EQ(cycles_of(every(60, 48)), Cycles());
  EXPECT_EQ(cycles_of({}), Cycles());
  EXPECT_EQ(cycles_of(every(0, 10)), Cycles());
}

TEST(DateCycles, NoneOfMonthsAndYears) {
  std::vector<double> months, years;
  for (int year = 1990; year < 2020; ++year) {
    years.push_back(*parse_date(std::to_string(year) + "-01-01", DateForm::ymd));
    for (int month = 1; month <= 12; ++month)
      months.push_back(*parse_date(std::to_string(year) + "-" + std::to_string(month) + "-01", DateForm::ymd));
  }
  EXPECT_EQ(cycles_of(months), (Cycles{Cycle::year}));
  EXPECT_EQ(cycles_of(years), Cycles());
}

// 1970-01-01 was a Thursday.
TEST(DateCycles, TheirAngles) {
  constexpr double kTurn = 6.283185307179586;
  EXPECT_DOUBLE_EQ(nn::angle_of(Cycle::day, 6 * kHour), kTurn / 4);
  EXPECT_DOUBLE_EQ(nn::angle_of(Cycle::week, 0), kTurn * 4 / 7);
  EXPECT_DOUBLE_EQ(nn::angle_of(Cycle::week, 23 * kHour), kTurn * 4 / 7);
  EXPECT_DOUBLE_EQ(nn::angle_of(Cycle::week, -1), kTurn * 3 / 7);
  EXPECT_DOUBLE_EQ(nn::angle_of(Cycle::year, 31556952 / 4.0), kTurn / 4);
}

}  // namespace
}  // namespace hillock

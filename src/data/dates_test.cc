// Dates in each of their forms against seconds that Python's datetime gives.
#include "data/dates.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/error_testing.h"

namespace hillock {
namespace {

// calendar.timegm((2024, 3, 1, 0, 0, 0)) in Python.
constexpr double kFirstOfMarch = 1709251200;

TEST(Dates, EachFormIsTheSameDay) {
  for (const char* text :
       {"2024-03-01",  "2024/3/1",     "2024.03.01",           "20240301",         "2024-Mar-01",
        "1-Mar-2024",  "01/MAR/2024",  "1 Mar 2024",           "1 march 2024",     "1st March 2024",
        "Mar 1, 2024", "March 1 2024", "Mar. 1st, 2024",       "Fri, 01 Mar 2024", "Friday 1 March 2024",
        "2024-03",     "March 2024",   "2024-03-01T00:00:00Z", "2024-03-01 00:00", "1-Mar-24"}) {
    EXPECT_EQ(parse_date(text, DateForm::ymd), kFirstOfMarch) << text;
    EXPECT_EQ(parse_date(text, DateForm::mdy), kFirstOfMarch) << text;
  }
  for (const char* text : {"01/03/2024", "1.3.2024", "01-03-2024", "1/3/24", "01.03.24"}) {
    EXPECT_EQ(parse_date(text, DateForm::dmy), kFirstOfMarch) << text;
  }
  for (const char* text : {"03/01/2024", "3/1/24", "03-01-2024"}) {
    EXPECT_EQ(parse_date(text, DateForm::mdy), kFirstOfMarch) << text;
  }
  EXPECT_EQ(parse_date("24/03/01", DateForm::ymd), kFirstOfMarch);
  EXPECT_EQ(parse_date("03/01/2024", DateForm::ymd), std::nullopt);
}

TEST(Dates, TimesOfTheDay) {
  const std::vector<std::pair<const char*, double>> times{
      {"2024-03-01T07:30", 27000},        {"2024-03-01 7:30:15", 27015},       {"2024-03-01T07:30:15.250", 27015.25},
      {"2024-03-01 07:30:15,5", 27015.5}, {"Mar 1, 2024 7:30 PM", 70200},      {"2024-03-01 12:05 a.m.", 300},
      {"2024-03-01, 12:05PM", 43500},     {"2024-03-01T07:30+02:00", 19800},   {"2024-03-01T07:30:00 -0330", 39600},
      {"2024-03-01T07:30:00Z", 27000},    {"2024-03-01 07:30 UTC", 27000},     {"20240301T07:30:00", 27000},
      {"2024-03-01T07:30:00GMT", 27000},  {"2024-03-01 07:30:00 UTC+1", 23400}};
  for (const auto& time : times) {
    EXPECT_EQ(parse_date(time.first, DateForm::ymd), kFirstOfMarch + time.second) << time.first;
  }
  EXPECT_EQ(parse_date("07:30", DateForm::time_of_day), 27000);
  EXPECT_EQ(parse_date("7:30 pm", DateForm::time_of_day), 70200);
  EXPECT_NEAR(*parse_date("1969-12-31T23:59:59.999999", DateForm::ymd), -1e-6, 1e-10);
  EXPECT_NEAR(*parse_date("2024-03-01T00:00:00.000001", DateForm::ymd) - kFirstOfMarch, 1e-6, 2.4e-7);
}

// The Gregorian calendar before 1582 too; figures of Python's datetime.
TEST(Dates, TheCalendar) {
  EXPECT_EQ(parse_date("1970-01-01", DateForm::ymd), 0);
  EXPECT_EQ(parse_date("2000-02-29", DateForm::ymd), 951782400);
  EXPECT_EQ(parse_date("1900-03-01", DateForm::ymd), -2203891200);
  EXPECT_EQ(parse_date("0001-01-01", DateForm::ymd), -62135596800);
  EXPECT_EQ(parse_date("9999-12-31", DateForm::ymd), 253402214400);
  for (const char* text : {"1900-02-29", "2023-02-29", "31.02.2024", "31.04.2024", "2024-13-01", "2024-00-10",
                           "2024-01-00", "0000-01-01", "32.01.2024"}) {
    EXPECT_EQ(parse_date(text, DateForm::dmy), std::nullopt) << text;
  }
}

// As strptime in POSIX: 69 to 99 are of the last century.
TEST(Dates, YearsOfTwoDigits) {
  EXPECT_EQ(parse_date("1.1.69", DateForm::dmy), parse_date("1969-01-01", DateForm::ymd));
  EXPECT_EQ(parse_date("1.1.68", DateForm::dmy), parse_date("2068-01-01", DateForm::ymd));
  EXPECT_EQ(parse_date("69/01/02", DateForm::ymd), parse_date("1969-01-02", DateForm::ymd));
}

TEST(Dates, OtherTextsAreNone) {
  for (const char* text : {"",
                           "-",
                           "12",
                           "2024",
                           "20240",
                           "1.5",
                           "3.14.15.9",
                           "1234-56",
                           "555-1234",
                           "2024-",
                           "2024-03-",
                           "2024-03-01x",
                           "2024-03-01 25:00",
                           "2024-03-01 07:60",
                           "2024-03-01 7",
                           "2024-03-01 07:30 CET",
                           "2024-03-01T07:30+25:00",
                           "2024-03/01",
                           "1/2",
                           "12:5",
                           "1:2:3",
                           "13:00 pm",
                           "0:30 am",
                           "Mar",
                           "Mar-24",
                           "Marble 1 2024",
                           "mayor",
                           "10.0.0.1",
                           "v1.2.3",
                           "1-2-3",
                           "2024-3-1-5",
                           "99999999",
                           "21051332",
                           "1709251200",
                           "March 40"}) {
    EXPECT_EQ(parse_date(text, DateForm::dmy), std::nullopt) << text;
  }
  EXPECT_EQ(parse_date("2024-03-01", DateForm::ymd).has_value(), true);
}

TEST(Dates, UnixTimes) {
  EXPECT_EQ(unix_form("1709251200"), DateForm::seconds);
  EXPECT_EQ(unix_form("1709251200000"), DateForm::milliseconds);
  for (const char* text : {"170925120", "20240301", "1709251200.5", "-1709251200", "x"})
    EXPECT_EQ(unix_form(text), std::nullopt) << text;
  EXPECT_EQ(parse_date("1709251200500", DateForm::milliseconds), kFirstOfMarch + 0.5);
  EXPECT_EQ(parse_date("1709251200", DateForm::seconds), kFirstOfMarch);
  EXPECT_EQ(parse_date("2024-03-01", DateForm::seconds), kFirstOfMarch);
}

TEST(Dates, AreWrittenAndNamed) {
  EXPECT_EQ(date_text(kFirstOfMarch), "2024-03-01");
  EXPECT_EQ(date_text(kFirstOfMarch + 27015.7), "2024-03-01 07:30:15");
  EXPECT_EQ(date_text(-1), "1969-12-31 23:59:59");
  EXPECT_EQ(date_text(1e15), "1000000000000000");
  EXPECT_EQ(day_of_month(kFirstOfMarch - 1), 29u);
  for (const DateForm form : {DateForm::ymd, DateForm::dmy, DateForm::mdy, DateForm::digits, DateForm::time_of_day,
                              DateForm::seconds, DateForm::milliseconds}) {
    EXPECT_EQ(date_form_from_name(name_of(form)), form);
  }
  EXPECT_EQ(error_of([] { (void)date_form_from_name("dym"); }),
            "dates: \"dym\" is no form of dates; use ymd, dmy, mdy, digits, time-of-day, seconds or milliseconds");
}

}  // namespace
}  // namespace hillock

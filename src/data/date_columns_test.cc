// Columns of dates: found, in which order they are read, what is refused.
#include "data/date_columns.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "data/data_testing.h"
#include "data/dates.h"

namespace hillock {
namespace {

using Written = std::function<std::string(int)>;
constexpr double kDay = 86400;
const ReadOptions kOptions{.target = "y", .widen = true};

// Rows "d,x,y", d a day from 2024-01-01 on as `written`.
std::string table(const Written& written, int rows = 40, const std::string& name = "d") {
  std::string text = name + ",x,y\n";
  for (int row = 0; row < rows; ++row)
    text += fmt::format("\"{}\",{},{}.5\n", written(row), row * 7 % 11, row * 5 % 13);
  return text;
}

std::string iso(int row) { return date_text(1704067200 + kDay * row); }
int day(int row) { return std::stoi(iso(row).substr(8)); }
int month(int row) { return std::stoi(iso(row).substr(5, 2)); }
std::string month_name(int row) { return std::vector{"Jan", "Feb", "Mar"}[static_cast<std::size_t>(month(row) - 1)]; }

std::vector<double> first_column(const Dataset& data) {
  std::vector<double> values;
  for (std::int64_t row = 0; row < data.rows(); ++row) values.push_back(data.features.at(row * data.feature_count()));
  return values;
}

std::vector<Remedy> remedies_of(const std::string& text, const ReadOptions& options) {
  try {
    (void)parse(text, options);
  } catch (const Error& error) {
    return {error.remedies().begin(), error.remedies().end()};
  }
  return {};
}

TEST(DateColumns, EachFormGivesTheSameRows) {
  const Dataset expected = parse(table(iso), kOptions).train;
  ASSERT_TRUE(expected.is_date(0));
  EXPECT_FALSE(expected.is_date(1));
  EXPECT_EQ(expected.dates[0], DateForm::ymd);
  EXPECT_EQ(expected.features.dtype(), DType::f64);
  EXPECT_EQ(first_column(expected)[3], 1704067200 + 3 * kDay);
  const std::vector<std::pair<Written, DateForm>> forms{
      {[](int row) { return fmt::format("2024/{}/{}", month(row), day(row)); }, DateForm::ymd},
      {[](int row) { return fmt::format("2024{:02}{:02}", month(row), day(row)); }, DateForm::digits},
      {[](int row) { return fmt::format("{:02}/{:02}/2024", month(row), day(row)); }, DateForm::mdy},
      {[](int row) { return fmt::format("{}.{}.24", day(row), month(row)); }, DateForm::dmy},
      {[](int row) { return fmt::format("{:02}.{:02}.2024", day(row), month(row)); }, DateForm::dmy},
      {[](int row) { return fmt::format("{}-{}-2024", day(row), month_name(row)); }, DateForm::ymd},
      {[](int row) { return fmt::format("{} {}, 2024", month_name(row), day(row)); }, DateForm::ymd},
      {[](int row) { return iso(row) + "T02:00:00+02:00"; }, DateForm::ymd},
      {[](int row) { return row % 2 == 0 ? iso(row) : iso(row) + " 12:00 AM"; }, DateForm::ymd},
  };
  for (const auto& [written, form] : forms) {
    const Dataset data = parse(table(written), kOptions).train;
    SCOPED_TRACE(written(0));
    ASSERT_TRUE(data.is_date(0));
    EXPECT_EQ(data.dates[0], form);
    EXPECT_EQ(first_column(data), first_column(expected));
  }
}

TEST(DateColumns, AreSaidToBeSuch) {
  EXPECT_EQ(parse(table(iso), kOptions).notes.front(), "column \"d\" holds dates");
  const Written german = [](int row) { return fmt::format("{}.{}.24", day(row), month(row)); };
  EXPECT_EQ(parse(table(german), kOptions).notes.front(),
            "column \"d\" holds dates (day, month, year); years of two digits are 1969 to 2068");
  const Written clock = [](int row) { return fmt::format("{}:{:02}", row % 24, row); };
  const LoadedData times = parse(table(clock), kOptions);
  EXPECT_EQ(times.notes.front(), "column \"d\" holds times of the day");
  EXPECT_EQ(first_column(times.train)[3], 3 * 3600 + 3 * 60);
}

// Day and month are both at most 12 in every cell.
TEST(DateColumns, AskWhereNothingTellsTheDayFromTheMonth) {
  const Written written = [](int row) { return fmt::format("0{}/0{}/2024", 1 + row % 9, 1 + row % 7); };
  const std::string text = table(written);
  EXPECT_EQ(
      parse_error(text, kOptions),
      "t.csv: column \"d\" holds dates such as \"08/01/2024\" (line 9), and no cell tells the day from the month; "
      "pass --dates dmy or --dates mdy");
  const std::vector<Remedy> remedies = remedies_of(text, kOptions);
  ASSERT_EQ(remedies.size(), 2u);
  for (const Remedy& remedy : remedies) {
    ReadOptions options = kOptions;
    options.dates = date_form_from_name(remedy.values.at(0));
    const Dataset data = parse(text, options).train;
    EXPECT_EQ(data.dates[0], options.dates);
    EXPECT_EQ(date_text(first_column(data)[7]), *options.dates == DateForm::dmy ? "2024-01-08" : "2024-08-01");
  }
  // One cell is enough, also in the last row.
  const Dataset told = parse(text + "\"13/01/2024\",1,2.5\n", kOptions).train;
  EXPECT_EQ(told.dates[0], DateForm::dmy);
}

TEST(DateColumns, RefuseCellsThatAreNone) {
  const Written mistaken = [](int row) {
    return row == 25 ? "31.02.2024" : fmt::format("{}.{}.2024", day(row), month(row));
  };
  EXPECT_EQ(
      parse_error(table(mistaken), kOptions),
      "t.csv: column \"d\" has 1 cell among 39 dates that is no date (day, month, year) (line 27, \"31.02.2024\"); "
      "correct them, pass --na-add \"31.02.2024\" to take them as missing, or pass --categorical \"d\" to take every "
      "value as a category");
  EXPECT_EQ(remedies_of(table(mistaken), kOptions).size(), 2u);
  ReadOptions missing = kOptions;
  missing.added_missing_tokens = {"31.02.2024"};
  EXPECT_TRUE(std::isnan(first_column(parse(table(mistaken), missing).train)[25]));
  // Dates in either order.
  const Written mixed = [](int row) {
    return row == 25 ? "01/26/2024" : fmt::format("{}/{}/2024", day(row), month(row));
  };
  EXPECT_NE(parse_error(table(mixed), kOptions).find("has 1 cell among 39 dates"), std::string::npos);
}

TEST(DateColumns, AreNotTakenFromOtherColumns) {
  // Half of the texts are none.
  const Written half = [](int row) { return row % 2 == 0 ? iso(row / 20) : "soon"; };
  EXPECT_TRUE(parse(table(half), kOptions).train.is_categorical(0));
  // Dates at first, and then others.
  const Written later = [](int row) { return row < 1000 ? iso(row % 9) : "soon"; };
  EXPECT_TRUE(parse(table(later, 1500), kOptions).train.is_categorical(0));
  // Two numbers of eight digits may be dates by accident; others of a column must be too.
  for (const Written& written :
       {Written([](int row) { return row % 2 == 0 ? "20240301" : "20240302"; }),
        Written([](int row) { return row == 39 ? "20240399" : fmt::format("202403{:02}", row % 30 + 1); }),
        Written([](int row) { return fmt::format("{}", 45000 + row); }),
        Written([](int row) { return fmt::format("{}", 1709251200 + 3600 * row); })}) {
    const Dataset data = parse(table(written), kOptions).train;
    EXPECT_FALSE(data.is_date(0) || data.is_categorical(0)) << written(1);
    EXPECT_EQ(first_column(data)[1], std::stod(written(1)));
  }
}

TEST(DateColumns, UnixTimesByTheNameOfTheColumn) {
  const auto written = [](double factor) {
    return [=](int row) { return fmt::format("{:.0f}", (1709251200 + kDay * row) * factor); };
  };
  const Dataset seconds = parse(table(written(1), 40, "created_at"), kOptions).train;
  const Dataset milliseconds = parse(table(written(1000), 40, "Timestamp"), kOptions).train;
  EXPECT_EQ(seconds.dates[0], DateForm::seconds);
  EXPECT_EQ(milliseconds.dates[0], DateForm::milliseconds);
  EXPECT_EQ(first_column(seconds), first_column(milliseconds));
  EXPECT_EQ(date_text(first_column(seconds)[1]), "2024-03-02");
}

TEST(DateColumns, MayBeCategoriesOrLeftOut) {
  ReadOptions options = kOptions;
  options.categorical = {"d"};
  EXPECT_TRUE(parse(table([](int row) { return iso(row / 9); }), options).train.is_categorical(0));
  options = kOptions;
  options.drop = {"d"};
  EXPECT_EQ(parse(table(iso), options).train.columns, (std::vector<std::string>{"x"}));
}

TEST(DateColumns, MissingCellsAreMissing) {
  const Written written = [](int row) { return row % 5 == 0 ? row % 10 == 0 ? "" : "NA" : iso(row); };
  const Dataset data = parse(table(written), kOptions).train;
  ASSERT_TRUE(data.is_date(0));
  EXPECT_TRUE(std::isnan(first_column(data)[5]));
  // The first date comes late.
  const Written late = [](int row) { return row < 1200 ? "" : iso(row % 30); };
  EXPECT_TRUE(parse(table(late, 1300), kOptions).train.is_date(0));
}

TEST(DateColumns, AreReadByTheFormOfAModel) {
  const auto of_model = [](DateForm form) {
    return ReadOptions{.target = "y",
                       .task = Task::regression,
                       .dtype = DType::f64,
                       .expected_columns = {"d", "x"},
                       .expected_dates = {form, std::nullopt}};
  };
  const std::string open = "d,x,y\n02/03/2024,1,2\n";
  EXPECT_EQ(date_text(parse(open, of_model(DateForm::dmy)).train.features.at(0)), "2024-03-02");
  EXPECT_EQ(date_text(parse(open, of_model(DateForm::mdy)).train.features.at(0)), "2024-02-03");
  EXPECT_EQ(date_text(parse("d,x,y\n2024-03-02,1,2\n", of_model(DateForm::mdy)).train.features.at(0)), "2024-03-02");
  EXPECT_EQ(parse_error(open, of_model(DateForm::ymd)),
            "t.csv: column \"d\" has 1 cell among 0 dates that is no date (line 2, \"02/03/2024\"); write them as "
            "2024-03-01, pass --dates dmy, pass --dates mdy, pass --na-add \"02/03/2024\" to take them as missing");
  ReadOptions told = of_model(DateForm::ymd);
  told.dates = DateForm::dmy;
  EXPECT_EQ(date_text(parse(open, told).train.features.at(0)), "2024-03-02");
  EXPECT_NE(parse_error("d,x,y\n17,1,2\n", of_model(DateForm::ymd)), "");
}

TEST(DateColumns, OrderRowsByTime) {
  const auto times_of = [](const Written& written, std::optional<DateForm> form = {}) {
    ReadOptions options{.target = "y", .time = "d"};
    options.dates = form;
    return parse(table(written), options).train.times;
  };
  const std::vector<double> expected = times_of(iso);
  EXPECT_EQ(expected[2], 1704067200 + 2 * kDay);
  EXPECT_EQ(times_of([](int row) { return fmt::format("{}.{}.2024", day(row), month(row)); }), expected);
  EXPECT_EQ(times_of([](int row) { return fmt::format("{} {} 2024", month_name(row), day(row)); }), expected);
  EXPECT_EQ(times_of([](int row) { return fmt::format("{}", row * 3); })[2], 6);
  EXPECT_EQ(times_of([](int row) { return fmt::format("2024-W{:02}", row + 1); })[2], 2);
  const Written open = [](int row) { return fmt::format("0{}/0{}/2024", 1 + row % 9, 1 + row % 7); };
  EXPECT_EQ(
      error_of([&] { times_of(open); }),
      "t.csv: --time column \"d\" holds dates such as \"08/01/2024\" (line 9), and no cell tells the day from the "
      "month; pass --dates dmy or --dates mdy");
  EXPECT_EQ(date_text(times_of(open, DateForm::mdy)[7]), "2024-08-01");
}

}  // namespace
}  // namespace hillock

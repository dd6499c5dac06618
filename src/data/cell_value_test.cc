// What single cells mean, in any column and in one with a format.
#include "data/cell_value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "data/number_text.h"

namespace hillock {
namespace {

double number_in(std::string_view cell, const CellRules& rules = default_rules()) {
  const CellValue value = parse_cell(cell, rules);
  return value.kind == CellKind::number ? value.number : std::nan("");
}

TEST(CellValue, ReadsNumbersThatAreWrittenOtherwiseInAnyColumn) {
  const CellRules comma{.decimal = ','};
  EXPECT_EQ(number_in("0x1f"), 31);
  EXPECT_EQ(number_in("-0XFF"), -255);
  EXPECT_EQ(number_in("0.24D+04"), 2400);
  EXPECT_EQ(number_in("1.5d-3"), 0.0015);
  EXPECT_EQ(number_in("1_500"), 1500);
  EXPECT_EQ(number_in("1'234'567.5"), 1234567.5);
  EXPECT_EQ(number_in("1\u2019500"), 1500);
  EXPECT_EQ(number_in("\u22125.25"), -5.25);
  EXPECT_EQ(number_in("2\u202F489"), 2489);
  EXPECT_EQ(number_in("2\u00A0489,5", comma), 2489.5);
  EXPECT_EQ(number_in("12\u2009345"), 12345);
  EXPECT_EQ(number_in("\u00A03.1\u2003"), 3.1);
}

TEST(CellValue, LeavesOtherTextsAsTheyAre) {
  for (const char* text : {"1_50",   "_1",         "1__500",      "0x",     "0xdeadbeefdeadbeef",
                           "1D5",    "A4",         "5G",          "3-4",    "1/2",
                           "12-13",  "1.2.3",      "192.168.0.1", "01'500", "1'50",
                           "1'500'", "2024-03-01", "12:30",       "1,500",  "$5",
                           "60%",    "(5)",        "1 500",       "x1f",    "\u2212",
                           "D",      "1E",         "1e+",         "0.5D",   "1d"}) {
    EXPECT_EQ(parse_cell(text).kind, CellKind::text) << text;
  }
}

TEST(CellValue, TakesTheUsualWordsAsMissing) {
  for (const char* text : {"",        "?",     "NA",     "n/a",    "NaN",     "NULL",   "-",       "None",    "#N/A",
                           "\\N",     ".",     "<NA>",   "NaT",    "#DIV/0!", "-nan",   "1.#QNAN", "-1.#IND", "#NUM!",
                           "#VALUE!", "#REF!", "#NAME?", "#NULL!", "nil",     "(null)", "\u00A0"}) {
    EXPECT_EQ(parse_cell(text).kind, CellKind::missing) << text;
  }
  EXPECT_EQ(parse_cell("unknown").kind, CellKind::text);
  EXPECT_TRUE(means_missing("Unknown"));
  EXPECT_TRUE(means_missing("--"));
  EXPECT_FALSE(means_missing("many"));
}

struct FormattedCase {
  const char* cell;
  NumberFormat format;
  double expected;  // NaN: a text
};

TEST(CellValue, ReadsCellsAsTheColumnsFormatSays) {
  const double text = std::nan("");
  const NumberFormat thousands{.thousands = ","}, german{.decimal = ',', .thousands = "."}, spaces{.thousands = " "};
  const NumberFormat dollars{.thousands = ",", .prefix = "$"}, percent{.suffix = "%"}, kilograms{.suffix = "kg"};
  const NumberFormat magnitudes{.prefix = "$", .magnitudes = true}, years{.suffix = "year"};
  for (const FormattedCase& c : std::vector<FormattedCase>{
           {"1,500", thousands, 1500},
           {"1,234,567.5", thousands, 1234567.5},
           {"950", thousands, 950},
           {"-1,500", thousands, -1500},
           {"1,50", thousands, text},
           {"0,500", thousands, text},
           {"1,5000", thousands, text},
           {"1.003,25", german, 1003.25},
           {"12.500", german, 12500},
           {"2,5", german, 2.5},
           {"2.5", german, text},
           {"2 489", spaces, 2489},
           {"2\u202F489.5", spaces, 2489.5},
           {"$5.99", dollars, 5.99},
           {"-$1,500", dollars, -1500},
           {"$-3", dollars, -3},
           {"$ 7", dollars, 7},
           {"(5.00)", thousands, -5},
           {"($5.00)", dollars, -5},
           {"5.99", dollars, 5.99},
           {"\u20AC5", dollars, text},
           {"60%", percent, 60},
           {"60 %", percent, 60},
           {"4.5 kg", kilograms, 4.5},
           {"4.5kg", kilograms, 4.5},
           {"4.5 lb", kilograms, text},
           {"19M", magnitudes, 19e6},
           {"3.5k", magnitudes, 3500},
           {"$2B", magnitudes, 2e9},
           {"300", magnitudes, 300},
           {"1 year", years, 1},
           {"3 years", years, 3},
           {"1e3 kg", kilograms, 1000},
           {"0x1f", thousands, 31},
           {"old", thousands, text},
       }) {
    const CellValue value = parse_cell(c.cell, default_rules(), c.format);
    if (std::isnan(c.expected)) {
      EXPECT_EQ(value.kind, CellKind::text) << c.cell;
    } else {
      EXPECT_EQ(value.kind, CellKind::number) << c.cell;
      EXPECT_EQ(value.number, c.expected) << c.cell;
    }
  }
  EXPECT_EQ(parse_cell("Many", default_rules(), {.missing = {"many"}}).kind, CellKind::missing);
  EXPECT_EQ(parse_cell("old", default_rules(), {.texts_missing = true}).kind, CellKind::missing);
  EXPECT_EQ(parse_cell("inf", default_rules(), thousands).kind, CellKind::infinite);
  EXPECT_EQ(parse_cell("$1.500,25", default_rules(), format_in_file(dollars, ',')).number, 1500.25)
      << "a file with decimal commas";
}

TEST(CellValue, ExactNumbersAreOneWhereTheyAreWrittenAlike) {
  EXPECT_EQ(exact_number("1"), exact_number("1.0"));
  EXPECT_EQ(exact_number("+100"), exact_number("1e2"));
  EXPECT_EQ(exact_number("0.50"), exact_number(".5"));
  EXPECT_EQ(exact_number("-0"), exact_number("0.0"));
  EXPECT_NE(exact_number("9007199254740992"), exact_number("9007199254740993"));
  EXPECT_NE(exact_number("1"), exact_number("-1"));
  for (const char* text : {"01", "", "x", "1x", "1e", "-", ".", "$1", "007.5"})
    EXPECT_EQ(exact_number(text), "") << text;
}

TEST(CellValue, TruthValues) {
  for (const char* text : {"true", "TRUE", "T", "t", "yes", "Y", "1", "1.0"}) EXPECT_EQ(truth_of(text), true) << text;
  for (const char* text : {"False", "F", "no", "N", "0"}) EXPECT_EQ(truth_of(text), false) << text;
  for (const char* text : {"2", "maybe", "", "tr"}) EXPECT_EQ(truth_of(text), std::nullopt) << text;
  EXPECT_TRUE(are_truth_values({"No", "Yes"}));
  EXPECT_TRUE(are_truth_values({"T", "FALSE", "1"}));
  EXPECT_FALSE(are_truth_values({"T", "N"}));
  EXPECT_FALSE(are_truth_values({"F", "M"}));
  EXPECT_FALSE(are_truth_values({"F"}));
}

}  // namespace
}  // namespace hillock

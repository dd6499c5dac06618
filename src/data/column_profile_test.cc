// Which columns of texts are numbers, and which stay categories.
#include "data/column_profile.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hillock {
namespace {

using Outcome = ColumnProfile::Outcome;
using Texts = std::vector<std::string>;

ColumnProfile profile_of(const Texts& texts, const ProfileOptions& options = {}, const CellRules& rules = {}) {
  TextCounts counts;
  for (const std::string& text : texts) counts.add(text);
  return profile_column(counts, rules, options);
}

// `texts`, and as many numbers as make the column's kind certain.
Texts with_numbers(Texts texts, const std::string& before, const std::string& behind, int count = 30) {
  for (int i = 0; i < count; ++i) texts.push_back(fmt::format("{}{}.5{}", before, i, behind));
  return texts;
}

TEST(ColumnProfile, ThousandsAreToldFromDecimals) {
  EXPECT_EQ(profile_of({"1,500", "201,033", "950"}).format, (NumberFormat{.thousands = ","}));
  EXPECT_EQ(profile_of({"1,234,567", "1,500"}).format, (NumberFormat{.thousands = ","}));
  EXPECT_EQ(profile_of({"1,500", "2.5"}).format, (NumberFormat{.thousands = ","}));
  EXPECT_EQ(profile_of({"$1,500", "$2,750"}).format, (NumberFormat{.thousands = ",", .prefix = "$"}));
  EXPECT_EQ(profile_of({"1.234.567", "12.500", "950"}).format, (NumberFormat{.decimal = ',', .thousands = "."}));
  EXPECT_EQ(profile_of({"1,500", "2,750"}).outcome, Outcome::two_readings);
  EXPECT_EQ(profile_of({"1,500", "1600"}).outcome, Outcome::two_readings);
  EXPECT_EQ(profile_of({"1,500 kg", "2,750 kg", "3,250 kg"}).outcome, Outcome::two_readings);
  EXPECT_EQ(profile_of({"1,5", "2,75"}).outcome, Outcome::decimal_comma);
  EXPECT_EQ(profile_of({"0,500", "1,250"}).outcome, Outcome::decimal_comma);
  EXPECT_EQ(profile_of({"1.003,25", "950,5"}).outcome, Outcome::decimal_comma);
  EXPECT_EQ(profile_of({"2 489", "950"}).format, (NumberFormat{.thousands = " "}));
}

TEST(ColumnProfile, OptionsSettleWhatCannotBeTold) {
  CellRules thousands;
  thousands.thousands = ",";
  EXPECT_EQ(profile_of({"1,500", "2,750"}, {}, thousands).format, (NumberFormat{.thousands = ","}));
  CellRules comma;
  comma.decimal = ',';
  EXPECT_EQ(profile_of({"1.003,25", "950,5"}, {}, comma).format, (NumberFormat{.decimal = ',', .thousands = "."}));
  EXPECT_EQ(profile_of({"1.500", "2.750"}, {}, comma).format, (NumberFormat{.decimal = ',', .thousands = "."}));
  EXPECT_EQ(profile_of({"1.5", "2.75"}, {}, comma).format, (NumberFormat{.decimal = '.'}))
      << "a column of a file with decimal commas that has points";
  EXPECT_EQ(profile_of({"1,500", "2,750"}, {}, comma).format, std::nullopt) << "plain numbers there";
}

TEST(ColumnProfile, OneUnitIsLeftOut) {
  EXPECT_EQ(profile_of(with_numbers({}, "", " kg")).format, (NumberFormat{.suffix = "kg"}));
  EXPECT_EQ(profile_of(with_numbers({}, "", "%")).format, (NumberFormat{.suffix = "%"}));
  EXPECT_EQ(profile_of(with_numbers({}, "\u20AC", "")).format, (NumberFormat{.prefix = "\u20AC"}));
  EXPECT_EQ(profile_of(with_numbers({}, "EUR ", "")).format, (NumberFormat{.prefix = "EUR"}));
  EXPECT_EQ(profile_of(with_numbers({}, "", " km/h")).format, (NumberFormat{.suffix = "km/h"}));
  EXPECT_EQ(profile_of(with_numbers({}, "", "\u00B0C")).format, (NumberFormat{.suffix = "\u00B0C"}));
  EXPECT_EQ(profile_of(with_numbers({"12"}, "", " kg")).format, (NumberFormat{.suffix = "kg"}));
  EXPECT_EQ(profile_of(with_numbers({}, "", "M")).format, (NumberFormat{.magnitudes = true}));
  EXPECT_EQ(profile_of(with_numbers({"3k", "12"}, "", "M")).format, (NumberFormat{.magnitudes = true}));
  EXPECT_EQ(profile_of({"1 year", "2 years", "5 years"}).format, (NumberFormat{.suffix = "year"}));
  EXPECT_EQ(profile_of(with_numbers({"(3.50)"}, "", "")).format, NumberFormat{});
}

TEST(ColumnProfile, OtherTextsAreCategories) {
  for (const Texts& texts :
       {Texts{"3G", "4G", "5G"}, Texts{"A4", "A3", "A5"}, Texts{"3-4", "5-6", "12-13"}, Texts{"1/2", "1/4", "3/4"},
        Texts{"10.0.0.1", "10.0.0.2", "192.168.1.1"}, Texts{"192.168.100.200", "192.168.100.201", "192.168.101.100"},
        Texts{"1.2.3", "1.2.4", "2.0.0"}, Texts{"501 234 567", "502 987 654", "600 123 456"},
        Texts{"555-1234", "555-9876"}, Texts{"030 123 456", "030 987 654"}, Texts{"1E5", "1F3", "2A7", "3B1"},
        Texts{"1st", "2nd", "3rd"}, Texts{"2WD", "4WD"}, Texts{"12:30", "13:45"}, Texts{"2024-03-01", "2024-03-02"},
        Texts{"04.04.2024", "05.04.2024"}, Texts{"1A", "2B", "3C"}, Texts{"<5", "5-10", ">10"},
        Texts{"10+", "5", "6"}}) {
    EXPECT_EQ(profile_of(texts).outcome, Outcome::categories) << texts[0];
  }
}

TEST(ColumnProfile, MixedUnitsAreTold) {
  Texts texts = with_numbers({}, "", " kg");
  for (const std::string& text : with_numbers({}, "", " lb")) texts.push_back(text);
  const ColumnProfile weights = profile_of(texts);
  EXPECT_EQ(weights.outcome, Outcome::categories);
  EXPECT_EQ(weights.units, (Texts{"kg", "lb"}));
  Texts rates = with_numbers({}, "", "%");
  for (const std::string& text : with_numbers({}, "", "")) rates.push_back(text);
  EXPECT_EQ(profile_of(rates).units, (Texts{"%", ""})) << "is 0.5 beside 50% fifty or a half?";
}

TEST(ColumnProfile, OneOddTextIsMissing) {
  const ColumnProfile one = profile_of(with_numbers({"varies"}, "", ""));
  EXPECT_EQ(one.outcome, Outcome::numbers);
  EXPECT_EQ(one.missing_word, "varies");
  EXPECT_EQ(one.format->missing, Texts{"varies"});
  EXPECT_EQ(profile_of(with_numbers({"unknown", "--", "*"}, "", "")).outcome, Outcome::numbers);
  EXPECT_EQ(profile_of({"1", "2", "3", "many"}).outcome, Outcome::categories) << "codes";
  EXPECT_EQ(profile_of(with_numbers({"12O5"}, "", "")).outcome, Outcome::mostly_numbers) << "a slip";
  const ColumnProfile several = profile_of(with_numbers({"a", "b", "c", "d"}, "", "", 200));
  EXPECT_EQ(several.outcome, Outcome::mostly_numbers);
  EXPECT_EQ(several.different_texts, 4);
  EXPECT_EQ(several.texts, (Texts{"a", "b", "c"}));
  EXPECT_EQ(profile_of(with_numbers({"a", "b"}, "", ""), {.numeric = true, .coerce = true}).format,
            (NumberFormat{.texts_missing = true}));
}

}  // namespace
}  // namespace hillock

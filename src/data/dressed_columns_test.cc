// Tables whose cells are written in many ways against the same table written plainly: they must be the same numbers.
#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/tensor_testing.h"
#include "data/data_testing.h"

namespace hillock {
namespace {

using Texts = std::vector<std::string>;
// From the number of a row to a cell.
using Write = std::function<std::string(double)>;

std::string plain(double number) { return fmt::format("{}", number); }

// 200 rows of y = 3a - 2b, tabs between.
std::string table_of(const Write& write_a, const Write& write_y = plain) {
  std::string text = "a\tb\ty\n";
  for (int i = 0; i < 200; ++i) {
    const double a = (i * 37 % 200) * 25 - 2500, b = i * 11 % 17;
    text += fmt::format("{}\t{}\t{}\n", write_a(a), b, write_y(3 * a - 2 * b));
  }
  return text;
}

ReadOptions options_with(const ReadOptions& change = {}) {
  ReadOptions options = change;
  options.target = "y";
  return options;
}

void expect_same(const Dataset& dirty, const Dataset& clean, const std::string& what) {
  EXPECT_EQ(dirty.columns, clean.columns) << what;
  EXPECT_EQ(dirty.task, clean.task) << what;
  EXPECT_EQ(dirty.categories, clean.categories) << what;
  ASSERT_EQ(dirty.features.type().to_string(), clean.features.type().to_string()) << what;
  EXPECT_EQ(elements_of(dirty.features), elements_of(clean.features)) << what;
  ASSERT_EQ(dirty.targets.type().to_string(), clean.targets.type().to_string()) << what;
  EXPECT_EQ(elements_of(dirty.targets), elements_of(clean.targets)) << what;
}

// "12,345" for 12345.
std::string grouped(double number, const std::string& mark) {
  std::string digits = fmt::format("{:.0f}", std::abs(number));
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, mark);
  return (number < 0 ? "-" : "") + digits;
}

struct Dress {
  std::string name;
  Write write;
  ReadOptions options{};
  double scale = 1;  // of what the cells say
};

std::vector<Dress> dresses() {
  const auto around = [](std::string before, std::string behind) {
    return [=](double v) { return before + plain(v) + behind; };
  };
  const auto with_mark = [](std::string mark) { return [=](double v) { return grouped(v, mark); }; };
  const ReadOptions comma{.decimal = ','};
  return {
      {"commas", with_mark(",")},
      {"named commas", with_mark(","), {.thousands = ","}},
      {"apostrophes", with_mark("'")},
      {"typographic apostrophes", with_mark("\u2019")},
      {"blanks", with_mark(" ")},
      {"narrow no-break blanks", with_mark("\u202F")},
      {"no-break blanks", with_mark("\u00A0")},
      {"thin blanks", with_mark("\u2009")},
      {"underscores", with_mark("_")},
      {"points", with_mark("."), comma},
      {"named points", with_mark("."), {.thousands = "."}},
      {"points and a decimal comma", [](double v) { return grouped(v, ".") + ",00"; }, comma},
      {"decimal commas", [](double v) { return fmt::format("{:.0f},0", v); }, comma},
      {"dollars", around("$", "")},
      {"dollars and commas", [](double v) { return (v < 0 ? "-$" : "$") + grouped(std::abs(v), ","); }},
      {"euros behind", around("", " \u20AC")},
      {"a code before", around("CHF ", "")},
      {"rupees", around("Rs. ", "")},
      {"per cent", around("", "%")},
      {"per cent and a blank", around("", " %")},
      {"kilograms", around("", " kg")},
      {"horse power", around("", "bhp")},
      {"degrees", around("", "\u00B0C")},
      {"square metres", around("", " m\u00B2")},
      {"thousands behind", around("", "k"), {}, 1e3},
      {"millions behind", around("", "M"), {}, 1e6},
      {"blanks around", around("\u00A0", "\u2003")},
      {"Unicode's minus", [](double v) { return v < 0 ? "\u2212" + plain(-v) : plain(v); }},
      {"a plus", [](double v) { return v > 0 ? "+" + plain(v) : plain(v); }},
      {"parentheses", [](double v) { return v < 0 ? fmt::format("({})", -v) : plain(v); }},
      {"hexadecimal", [](double v) { return fmt::format("{}{:#x}", v < 0 ? "-" : "", std::abs(static_cast<int>(v))); }},
      {"Fortran's exponents", [](double v) { return fmt::format("{:.6f}D+04", v / 1e4); }},
  };
}

std::string y_of(double value, double scale) { return plain(value * scale); }

TEST(DressedColumns, AreTheSameNumbersAsPlainOnes) {
  for (const Dress& dress : dresses()) {
    const auto scaled = [&](double v) { return y_of(v, dress.scale); };
    const Dataset clean = parse(table_of(scaled), {.target = "y"}).train;
    const Dataset dirty = parse(table_of(dress.write), options_with(dress.options)).train;
    expect_same(dirty, clean, dress.name);
  }
}

TEST(DressedColumns, AreTheSameTargets) {
  for (const Dress& dress : dresses()) {
    const auto scaled = [&](double v) { return y_of(v, dress.scale); };
    const Dataset clean = parse(table_of(plain, scaled), {.target = "y"}).train;
    const Dataset dirty = parse(table_of(plain, dress.write), options_with(dress.options)).train;
    expect_same(dirty, clean, dress.name);
  }
}

// A second file is read as the first was, whether it is written like it or plainly, in whole and in parts.
TEST(DressedColumns, AreReadAlikeInAnotherFile) {
  const TestDirectory directory;
  for (const Dress& dress : dresses()) {
    const auto scaled = [&](double v) { return y_of(v, dress.scale); };
    const Dataset train = parse(table_of(dress.write, dress.write), options_with(dress.options)).train;
    ReadOptions model = options_with(dress.options);
    model.task = Task::regression;
    model.expected_columns = train.columns;
    model.expected_formats = train.formats;
    const Dataset clean = parse(table_of(scaled, scaled), {.target = "y"}).train;
    const std::string dirty_text = table_of(dress.write, dress.write);
    expect_same(parse(dirty_text, model).train, clean, dress.name);
    TableReader reader(directory.write("t.csv", dirty_text), model);
    const TableReader::Part part = reader.next(1000);
    EXPECT_EQ(elements_of(part.features), elements_of(clean.features)) << dress.name;
    // A model of plain numbers understands it too.
    model.expected_formats = {};
    expect_same(parse(dirty_text, model).train, clean, dress.name + " for a model of plain numbers");
    TableReader plain_reader(directory.write("t.csv", dirty_text), model);
    for (std::int64_t row = 0; row < 200; row += 7) {
      const TableReader::Part rows = plain_reader.next(7);
      for (std::int64_t i = 0; i < rows.features.elements(); ++i) {
        EXPECT_EQ(rows.features.at(i), clean.features.at(2 * row + i)) << dress.name;
      }
    }
  }
}

TEST(DressedColumns, ADressIsTold) {
  const LoadedData dollars = parse(table_of([](double v) { return "$" + grouped(v, ","); }), {.target = "y"});
  ASSERT_EQ(dollars.notes.size(), 1u);
  EXPECT_EQ(
      dollars.notes[0],
      "t.csv: column \"a\" is read as numbers: \"$-2,500\" is -2500; pass --categorical \"a\" to take every value as "
      "a category");
  EXPECT_EQ(dollars.train.formats, (NumberFormats{{"a", {.thousands = ",", .prefix = "$"}}}));
  const LoadedData hexadecimal =
      parse(table_of([](double v) { return fmt::format("{}{:#x}", v < 0 ? "-" : "", std::abs(static_cast<int>(v))); }),
            {.target = "y"});
  ASSERT_EQ(hexadecimal.notes.size(), 1u);
  EXPECT_EQ(hexadecimal.notes[0],
            "t.csv: column \"a\" has 200 numbers in an unusual form (lines 2, 3, 4, …; the first: \"-0x9c4\"); "
            "\"-0x9c4\" is read as -2500");
  EXPECT_TRUE(hexadecimal.train.formats.empty());
  const LoadedData target = parse(table_of(plain, [](double v) { return plain(v) + " kg"; }), {.target = "y"});
  ASSERT_EQ(target.notes.size(), 1u);
  EXPECT_NE(target.notes[0].find("target column \"y\" is read as numbers: "), std::string::npos) << target.notes[0];
}

// What may be two things is asked for, and each answer is understood.
TEST(DressedColumns, OneCommaEverywhereMayBeEither) {
  const auto one_comma = [](double v) { return grouped(std::abs(v) + 1000, ","); };
  const std::string feature = table_of(one_comma),
                    target =
                        table_of(plain, [](double v) { return grouped(std::fmod(std::abs(v), 8000) + 1000, ","); });
  EXPECT_EQ(parse_error(feature, {.target = "y"}),
            "t.csv: column \"a\" has a comma before three digits in its numbers (lines 2, 3, 4, …; the first: "
            "\"3,500\"), which may separate thousands or decimals; pass --thousands , or --decimal ,");
  EXPECT_EQ(parse(feature, {.target = "y", .thousands = ","}).train.features.at(0), 3500);
  EXPECT_EQ(parse(feature, {.target = "y", .decimal = ','}).train.features.at(0), 3.5);
  EXPECT_NE(parse_error(target, {.target = "y"}).find("pass --thousands , or --decimal ,"), std::string::npos);
  EXPECT_EQ(parse(target, {.target = "y", .thousands = ","}).train.task, Task::regression);
  EXPECT_EQ(parse(target, {.target = "y", .decimal = ','}).train.task, Task::regression);
}

TEST(DressedColumns, DecimalCommasOfATarget) {
  const std::string text = table_of(plain, [](double v) { return fmt::format("{:.0f},5", v); });
  EXPECT_EQ(
      parse_error(text, {.target = "y"}),
      "t.csv: target column \"y\" has numbers with a decimal comma (first: line 2, \"-7500,5\"); pass --decimal , to "
      "read them");
  EXPECT_EQ(parse(text, {.target = "y", .decimal = ','}).train.targets.at(0), -7500.5);
}

// In a file with decimal commas a column with points keeps them.
TEST(DressedColumns, PointsBesideDecimalCommas) {
  const Dataset data = parse("a;b;y\n1,5;2.5;1\n2,5;3.25;2\n3,5;4.5;3\n", {.target = "y", .decimal = ','}).train;
  EXPECT_EQ(elements_of(data.features), (std::vector<double>{1.5, 2.5, 2.5, 3.25, 3.5, 4.5}));
}

TEST(DressedColumns, QuotedDecimalCommasBetweenCommas) {
  const Dataset data =
      parse("a,b,y\n\"1,5\",\"2,5\",1\n\"2,5\",\"3,5\",2\n\"4,25\",\"1,5\",3\n", {.target = "y", .decimal = ','}).train;
  EXPECT_EQ(elements_of(data.features), (std::vector<double>{1.5, 2.5, 2.5, 3.5, 4.25, 1.5}));
}

TEST(DressedColumns, ANumericColumnMayHoldWordsForMissing) {
  for (const char* word : {"None", "#N/A", "\\N", ".", "<NA>", "NaT", "#DIV/0!", "-nan", "1.#QNAN", "missing",
                           "unknown", "--", "*", "not measured"}) {
    const auto cell = [&](double v) { return std::fmod(v, 250) == 0 ? word : plain(v); };
    const auto empty = [&](double v) { return std::fmod(v, 250) == 0 ? "" : plain(v); };
    const LoadedData dirty = parse(table_of(cell), {.target = "y"}), clean = parse(table_of(empty), {.target = "y"});
    ASSERT_EQ(dirty.train.features.elements(), clean.train.features.elements()) << word;
    for (std::int64_t i = 0; i < clean.train.features.elements(); ++i) {
      const double is = dirty.train.features.at(i), should = clean.train.features.at(i);
      EXPECT_TRUE(is == should || (std::isnan(is) && std::isnan(should))) << word;
    }
  }
  const auto unknown = [](double v) { return std::fmod(v, 250) == 0 ? "not measured" : plain(v); };
  const LoadedData data = parse(table_of(unknown), {.target = "y"});
  EXPECT_EQ(
      data.notes[0],
      "t.csv: column \"a\" holds numbers and the text \"not measured\" (20 cells), which is taken as missing; pass "
      "--categorical \"a\" to take every value as a category");
  EXPECT_EQ(data.train.formats, (NumberFormats{{"a", {.missing = {"not measured"}}}}));
}

TEST(DressedColumns, ManyOddTextsHaveOneRemedy) {
  std::string text = "a,y\n";
  for (int i = 0; i < 10000; ++i)
    text += fmt::format("{},{}\n", i % 50 == 7 ? fmt::format("{} - {}", i, i + 5) : plain(i), i);
  EXPECT_EQ(
      parse_error(text, {.target = "y"}),
      "t.csv: column \"a\" has 200 text cells among 9800 numbers (lines 9, 59, 109, …; 200 different texts such as "
      "\"7 - 12\", \"57 - 62\", \"107 - 112\"); correct them, pass --coerce \"a\" to take every text in the column "
      "as missing, or pass --categorical \"a\" to take every value as a category");
  const Dataset coerced = parse(text, {.target = "y", .coerce = {"a"}}).train;
  EXPECT_TRUE(std::isnan(coerced.features.at(7)));
  EXPECT_EQ(coerced.features.at(8), 8);
  EXPECT_EQ(coerced.formats, (NumberFormats{{"a", {.texts_missing = true}}}));
}

TEST(DressedColumns, CodesWithLeadingZerosAreCategories) {
  const auto code = [](double v) { return fmt::format("{:05}", static_cast<int>(v + 2500) % 500 + 3); };
  const LoadedData data = parse(table_of(code), {.target = "y", .numeric = {}});
  EXPECT_EQ(data.train.categories.size(), 2u);
  EXPECT_EQ(data.train.categories[0].size(), 20u);
  EXPECT_EQ(data.notes[0],
            "t.csv: column \"a\" has codes with leading zeros (such as \"00003\") and is taken as categories; pass "
            "--numeric \"a\" to take them as numbers");
  EXPECT_EQ(parse(table_of(code), {.target = "y", .numeric = {"a"}}).train.features.at(0), 3);
  // The first thousand rows have none.
  std::string text = "a,y\n";
  for (int i = 3000; i > 0; --i) text += fmt::format("{:04},{}\n", i / 2, i);
  EXPECT_FALSE(parse(text, {.target = "y"}).train.categories.empty());
}

TEST(DressedColumns, MixedUnitsAreCategoriesAndTold) {
  const auto mixed = [](double v) { return plain(v) + (std::fmod(v, 50) == 0 ? " kg" : " lb"); };
  const LoadedData data = parse(table_of(mixed), {.target = "y", .categorical = {}});
  EXPECT_EQ(
      data.notes[0],
      "t.csv: column \"a\" holds numbers with different units (\"kg\" and \"lb\") and is taken as categories; write "
      "them in one unit to have numbers");
}

// A model of truth values, categories and labels, and a file that spells them otherwise.
TEST(DressedColumns, TruthValuesOfAnotherFile) {
  const std::string text = "a,b,y\nTrue,no,Yes\nFalse,yes,No\nTrue,yes,Yes\n";
  const Dataset train = parse(text, {.target = "y"}).train;
  ReadOptions model{.target = "y", .task = train.task};
  model.expected_columns = train.columns;
  model.expected_classes = train.classes;
  model.expected_categories = train.categories;
  for (const char* other : {"a,b,y\nTRUE,N,yes\nFALSE,Y,no\nTRUE,Y,yes\n", "a,b,y\n1,0,Y\n0,1,N\n1,1,Y\n",
                            "a,b,y\nT,No,TRUE\nF,Yes,FALSE\nT,YES,TRUE\n", "a,b,y\nt,n,1\nf,y,0\nt,y,1\n"}) {
    const LoadedData loaded = parse(other, model);
    EXPECT_EQ(elements_of(loaded.train.features), elements_of(train.features)) << other;
    EXPECT_EQ(elements_of(loaded.train.targets), elements_of(train.targets)) << other;
    ASSERT_FALSE(loaded.notes.empty());
  }
  const LoadedData loaded = parse("a,b,y\nTRUE,no,Yes\nFALSE,yes,No\nTRUE,yes,Yes\n", model);
  EXPECT_EQ(loaded.notes, (Texts{"t.csv: column \"a\" has 3 cells that the model spells otherwise (lines 2, 3, 4; the "
                                 "first: \"TRUE\"); \"TRUE\" is taken for \"True\""}));
  // A model that was trained on 1 and 0.
  ReadOptions numbers{.target = "y", .task = Task::regression, .expected_columns = {"a"}};
  const LoadedData truths = parse("a,y\nTrue,1\nFALSE,2\nT,3\n", numbers);
  EXPECT_EQ(elements_of(truths.train.features), (std::vector<double>{1, 0, 1}));
}

TEST(DressedColumns, OneFileMaySpellTruthInSeveralWays) {
  const LoadedData data = parse("a,y\nTrue,Yes\nTRUE,Y\nFalse,no\nTrue,Yes\nFalse,No\nFalse,No\n", {.target = "y"});
  EXPECT_EQ(data.train.categories[0], (Texts{"False", "True"}));
  EXPECT_EQ(data.train.classes, (Texts{"No", "Yes"}));
  EXPECT_EQ(elements_of(data.train.targets), (std::vector<double>{1, 1, 0, 1, 0, 0}));
  EXPECT_EQ(data.notes.size(), 3u) << "a, and two labels";
}

TEST(DressedColumns, CategoriesOfOneNumberAreOne) {
  ReadOptions model{.target = "y", .task = Task::regression, .require_target = false, .expected_columns = {"a"}};
  model.expected_categories = {{"1", "2", "01", "x"}};
  const LoadedData data = parse("a\n1.0\n2.00\n01\n+1\nx\n", model);
  EXPECT_EQ(elements_of(data.train.features), (std::vector<double>{0, 1, 2, 0, 3}));
}

TEST(DressedColumns, LabelsAreExact) {
  const Dataset large =
      parse("a,y\n1,9007199254740992\n2,9007199254740993\n3,9007199254740992\n", {.target = "y"}).train;
  EXPECT_EQ(large.classes, (Texts{"9007199254740992", "9007199254740993"}));
  EXPECT_EQ(elements_of(large.targets), (std::vector<double>{0, 1, 0}));
  const Dataset codes = parse("a,y\n1,01\n2,1\n3,01\n4,1.0\n", {.target = "y"}).train;
  EXPECT_EQ(codes.classes, (Texts{"01", "1"}));
  EXPECT_EQ(elements_of(codes.targets), (std::vector<double>{0, 1, 0, 1}));
  const Dataset padded = parse("a,y\n1,01\n2,07\n3,12\n4,01\n", {.target = "y"}).train;
  EXPECT_EQ(padded.classes, (Texts{"01", "07", "12"})) << "codes of one length";
}

// "None" is a class among texts, and a missing cell among numbers.
TEST(DressedColumns, NoneMayBeALabel) {
  const std::string text = "a,y\n1,None\n2,Apnea\n3,None\n4,Insomnia\n";
  const LoadedData data = parse(text, {.target = "y"});
  EXPECT_EQ(data.train.classes, (Texts{"Apnea", "Insomnia", "None"}));
  EXPECT_EQ(data.notes, (Texts{"t.csv: target column \"y\" has 2 cells \"None\" (first: line 2), which are taken as a "
                               "class; pass --na-add \"None\" to take them as missing"}));
}

TEST(DressedColumns, AColumnOfWhichTheModelKnowsNothingIsRefused) {
  ReadOptions model{.target = "y", .task = Task::regression, .require_target = false, .expected_columns = {"town"}};
  model.expected_categories = {{"Bonn", "Ulm"}};
  std::string none = "town\n", some = "town\n";
  for (int i = 0; i < 20; ++i) {
    none += "bonn\n";
    some += i % 2 == 0 ? "Bonn\n" : "ulm\n";
  }
  EXPECT_EQ(
      parse_error(none, model),
      "t.csv: column \"town\" holds no category that the model knows (20 cells such as \"bonn\"; the model knows "
      "Bonn, Ulm); give the column that it was trained with, or pass --allow-unseen \"town\" to take them as other");
  const TestDirectory directory;
  TableReader reader(directory.write("t.csv", none), model);
  EXPECT_NE(error_of([&] { reader.next(100); }).find("holds no category that the model knows"), std::string::npos);
  const LoadedData half = parse(some, model);
  EXPECT_EQ(half.notes[0],
            "WARNING: t.csv: column \"town\" has 10 category cells that no training row had (lines 3, 5, 7, …; the "
            "first: \"ulm\"); they count as other. That is 50 % of the column: are its values written as in training "
            "(Bonn, Ulm)?");
  model.allow_unseen = {"town"};
  EXPECT_EQ(parse(none, model).train.features.at(0), 2);
}

// A target of numbers and texts is refused, and what is advised leaves out the rows without a number.
TEST(DressedColumns, TextsAmongATargetsNumbers) {
  std::string text = "a,y\n", numbers = "a,y\n";
  for (int i = 0; i < 200; ++i) {
    text += fmt::format("{},{}\n", i, i % 10 == 3 ? fmt::format("see {}", i) : plain(i * 7));
    if (i % 10 != 3) numbers += fmt::format("{},{}\n", i, i * 7);
  }
  EXPECT_EQ(
      parse_error(text, {.target = "y"}),
      "t.csv: target column \"y\" has 20 text cells (first: line 5, \"see 3\"); numbers belong here: correct them, "
      "pass --coerce \"y\" to take them as missing, or pass --task classification to take every value as a label");
  const Dataset coerced = parse(text, {.target = "y", .coerce = {"y"}}).train;
  expect_same(coerced, parse(numbers, {.target = "y"}).train, "coerced");
  std::string unknown = text;
  for (std::size_t at = unknown.find("see "); at != std::string::npos; at = unknown.find("see ", at))
    unknown.replace(at, unknown.find('\n', at) - at, "unknown");
  expect_same(parse(unknown, {.target = "y"}).train, parse(numbers, {.target = "y"}).train, "unknown");
}

// In parts, rows with points alone would be read before one tells that the point separates thousands.
TEST(DressedColumns, PointsBetweenThousandsForAModelAreRefused) {
  const ReadOptions model{.target = "y", .task = Task::regression, .require_target = false, .expected_columns = {"a"}};
  const std::string text = "a\n12.500\n1.234.567\n950\n";
  EXPECT_EQ(parse_error(text, model),
            "t.csv: column \"a\" has \".\" between its thousands (line 3, \"1.234.567\"); pass --thousands .");
  ReadOptions thousands = model;
  thousands.thousands = ".";
  EXPECT_EQ(elements_of(parse(text, thousands).train.features), (std::vector<double>{12500, 1234567, 950}));
  EXPECT_EQ(parse("a,y\n12.500,1\n1.234.567,2\n950,3\n", {.target = "y"}).train.features.at(0), 12500);
}

// The first line is a header although every cell below has a dress.
TEST(DressedColumns, AHeaderAboveDressedCells) {
  std::string text = "price,weight,cost\n";
  for (int i = 0; i < 30; ++i) text += fmt::format("${}.5,{} kg,{} EUR\n", i + 1, i * 3, i * 7);
  const Dataset data = parse(text, {.target = "last"}).train;
  EXPECT_EQ(data.columns, (Texts{"price", "weight"}));
  EXPECT_EQ(data.rows(), 30);
  EXPECT_EQ(data.features.at(0), 1.5);
  EXPECT_EQ(data.targets.at(1), 7);
}

TEST(DressedColumns, AFileOfAnotherUnitIsRefused) {
  ReadOptions model{.target = "y", .task = Task::regression, .require_target = false, .expected_columns = {"a"}};
  model.expected_formats = {{"a", {.prefix = "$"}}};
  EXPECT_NE(parse_error("a\n\u20AC5\n\u20AC7\n", model), "");
  EXPECT_EQ(parse("a\n$5\n7\n", model).train.features.at(1), 7);
}

TEST(DressedColumns, OneAbsurdCellIsNamed) {
  std::string text = "a,y\n";
  for (int i = 0; i < 200; ++i) text += fmt::format("{},{}\n", i == 77 ? "1e20" : plain(i * 37 % 100 + 0.5), i);
  EXPECT_EQ(
      parse(text, {.target = "y"}).notes,
      (Texts{"t.csv: column \"a\" has 1 value far from all others (\"1e20\" in line 79, where most lie between 4.5 "
             "and 95.5); correct it, or pass --na-add \"1e20\" to take it as missing"}));
  const Dataset data = parse(text, {.target = "y", .added_missing_tokens = {"1e20"}}).train;
  EXPECT_TRUE(std::isnan(data.features.at(77)));
}

TEST(DressedColumns, OneNumberIsOneCategoryAmongManyToo) {
  std::vector<std::string> numbers, names;
  for (int i = 0; i < 40; ++i) {
    numbers.push_back(std::to_string(i));
    names.push_back("n" + std::to_string(i));
  }
  ReadOptions model{
      .target = "y", .require_target = false, .expected_columns = {"a"}, .expected_categories = {numbers}};
  const std::string known = "a\n3\n4\n5\n6\n7\n8\n9\n10\n11\n";
  const Dataset found = parse_table(known + "7.0\n7.5\nseven\n", "t.csv", model).train;
  EXPECT_EQ(found.features.at(9), 7);
  EXPECT_EQ(found.features.at(10), 40);
  EXPECT_EQ(found.features.at(11), 40);
  model.expected_categories = {names};
  const Dataset none = parse_table("a\nn3\nn4\n7\n", "t.csv", model).train;
  EXPECT_EQ(none.features.at(2), 40);
}

}  // namespace
}  // namespace hillock


#include <fmt/format.h>

#include <cmath>

#include "core/tensor_testing.h"
#include "data/data_testing.h"

namespace hillock {
namespace {

using Doubles = std::vector<double>;
using Names = std::vector<std::string>;

TEST(Table, ReadsHeaderAndTextTarget) {
  const LoadedData data = parse("a,b,kind\n1,2.5,dog\n-3,4e2,cat\n+5,.5,dog\n");
  const Dataset& set = data.train;
  EXPECT_EQ(set.task, Task::classification);
  EXPECT_EQ(set.columns, (Names{"a", "b"}));
  EXPECT_EQ(set.target, "kind");
  EXPECT_EQ(set.classes, (Names{"cat", "dog"}));
  EXPECT_EQ(set.features.type().to_string(), "f32[3, 2]");
  EXPECT_EQ(elements_of(set.features), (Doubles{1, 2.5, -3, 400, 5, 0.5}));
  EXPECT_EQ(set.targets.type().to_string(), "i32[3] in [0, 2)");
  EXPECT_EQ(elements_of(set.targets), (Doubles{1, 0, 1}));
  EXPECT_EQ(set.sample_shape, Shape{2});
  EXPECT_TRUE(data.notes.empty());
}

TEST(Table, AllWaysOfWritingOneTableAgree) {
  const Doubles expected = {1, 2, 3, 4};
  for (const char* text : {
           "x,y,t\n1,2,a\n3,4,b\n",
           "x;y;t\n1;2;a\n3;4;b",
           "x\ty\tt\r\n1\t2\ta\r\n3\t4\tb\r\n",
           "x|y|t\r1|2|a\r3|4|b\r",
           "\xEF\xBB\xBFx,y,t\n1,2,a\r\n3,4,b\r",
           "\n  x , \"y\" ,t\n\n 1 ,\" 2 \", a \n   \n3,\t4,\"b\"\n\n",
       }) {
    const Dataset set = parse(text).train;
    EXPECT_EQ(set.columns, (Names{"x", "y"})) << text;
    EXPECT_EQ(set.classes, (Names{"a", "b"})) << text;
    EXPECT_EQ(elements_of(set.features), expected) << text;
  }
}

TEST(Table, QuotesHoldDelimitersQuotesAndLines) {
  const Dataset set = parse("\"a,1\",\"b\"\"2\",t\n1,2,\"x,\"\"y\"\"\"\n3,4,\"p\nq\"\n").train;
  EXPECT_EQ(set.columns, (Names{"a,1", "b\"2"}));
  EXPECT_EQ(set.classes, (Names{"p\nq", "x,\"y\""}));
}

TEST(Table, WithoutHeaderColumnsAreNumbered) {
  const LoadedData data = parse("1,2,a\n3,4,b\n");
  EXPECT_EQ(data.train.rows(), 2);
  EXPECT_EQ(data.train.columns, (Names{"c1", "c2"}));
  EXPECT_EQ(data.train.target, "c3");
  ASSERT_EQ(data.notes.size(), 1u);
  EXPECT_EQ(data.notes[0], "the first line holds data, so the columns are called c1 to c3");
}

TEST(Table, TargetByNameThenLastThenNumber) {
  const std::string text = "2,last,b\n1,10,100\n2,20,200\n3,30,300\n4,40,400\n";
  EXPECT_EQ(parse(text, {.target = "b"}).train.target, "b");
  EXPECT_EQ(parse(text, {.target = "last"}).train.target, "last");  // a column of that name wins
  EXPECT_EQ(parse(text, {.target = "2"}).train.target, "2");        // the first column has this name
  EXPECT_EQ(parse(text, {.target = "3"}).train.target, "b");
  EXPECT_EQ(parse(text, {.target = "3"}).train.columns, (Names{"2", "last"}));
  EXPECT_EQ(parse("1,2\n3,4\n5,6\n", {.target = "1"}).train.columns, (Names{"c2"}));
}

TEST(Table, TheTargetsNameTellsAHeaderOfNothingButText) {
  EXPECT_EQ(parse("f,g\n1,a\n2,b\n", {.target = "g"}).train.rows(), 2);
  EXPECT_EQ(parse("1990,kind\n1,a\n2,b\n", {.target = "kind"}).train.columns, (Names{"1990"}));
}

TEST(Table, TheTaskFollowsFromTheTarget) {
  const auto task = [](const std::string& text, std::optional<Task> asked = {}) {
    return parse(text, {.target = "last", .task = asked}).train.task;
  };
  EXPECT_EQ(task("x,t\n1,0\n2,1\n3,1.0\n"), Task::classification);
  EXPECT_EQ(task("x,t\n1,0\n2,1\n3,2\n"), Task::regression);
  EXPECT_EQ(task("x,t\n1,a\n2,b\n3,c\n"), Task::classification);
  EXPECT_EQ(task("x,t\n1,0\n2,1\n3,2\n", Task::classification), Task::classification);
  EXPECT_EQ(task("x,t\n1,0\n2,1\n", Task::regression), Task::regression);
}

TEST(Table, NumericClassesAreSortedByValueAndNamedByTheirFirstText) {
  const Dataset set = parse("x,t\n1,10\n2,9.0\n3,9\n4,-1\n", {.target = "t", .task = Task::classification}).train;
  EXPECT_EQ(set.classes, (Names{"-1", "9.0", "10"}));
  EXPECT_EQ(elements_of(set.targets), (Doubles{2, 1, 1, 0}));
}

TEST(Table, RegressionTargetsAreAColumn) {
  const Dataset set = parse("t,x\n1.5,1\n2.5,2\n3.5,3\n", {.target = "t", .dtype = DType::f64}).train;
  EXPECT_EQ(set.targets.type().to_string(), "f64[3, 1]");
  EXPECT_EQ(elements_of(set.targets), (Doubles{1.5, 2.5, 3.5}));
  EXPECT_EQ(set.features.dtype(), DType::f64);
  EXPECT_TRUE(set.classes.empty());
}

TEST(Table, FewWholeNumbersAreSaidAloud) {
  const LoadedData data = parse("x,t\n1,0\n2,1\n3,2\n4,0\n5,1\n6,2\n7,0\n8,1\n9,2\n");
  EXPECT_EQ(data.train.task, Task::regression);
  ASSERT_EQ(data.notes.size(), 1u);
  EXPECT_EQ(
      data.notes[0],
      "target \"t\" has 3 distinct whole numbers and is taken as a quantity (regression); pass --task classification "
      "to take them as classes");
}

TEST(Table, PlusAndMinusAreLabels) { EXPECT_EQ(parse("x,t\n1,+\n2,-\n3,-\n").train.classes, (Names{"+", "-"})); }

TEST(Table, NumbersAreRoundedOnce) {
  const Dataset set = parse("x,t\n0.1,1\n1e-400,2\n4.9e-324,3\n", {.target = "t", .dtype = DType::f64}).train;
  EXPECT_EQ(elements_of(set.features), (Doubles{0.1, 0, 4.9e-324}));
}

TEST(Table, AModelsColumnsAreMatchedByName) {
  const ReadOptions model = {.target = "t", .task = Task::regression, .expected_columns = {"b", "a"}};
  const Dataset set = parse("a,extra,t,b\n1,x,7,2\n", model).train;
  EXPECT_EQ(elements_of(set.features), (Doubles{2, 1}));
  EXPECT_EQ(elements_of(set.targets), (Doubles{7}));
  EXPECT_EQ(set.columns, (Names{"b", "a"}));
  ReadOptions predict = model;
  predict.require_target = false;
  const Dataset without = parse("a,b\n1,2\n3,4\n", predict).train;
  EXPECT_EQ(elements_of(without.features), (Doubles{2, 1, 4, 3}));
  EXPECT_FALSE(without.has_targets());
  EXPECT_FALSE(parse("a,b,t\n1,2,not read\n", predict).train.has_targets());
  EXPECT_EQ(elements_of(parse("1,2\n", predict).train.features), (Doubles{1, 2}));    // no header: the model's order
  EXPECT_EQ(elements_of(parse("1,2,7\n", predict).train.features), (Doubles{1, 2}));  // and the target behind
  EXPECT_EQ(elements_of(parse("1,2,7\n", model).train.targets), (Doubles{7}));
  EXPECT_EQ(parse_error("a,B\n1,2\n", predict),
            "t.csv: column \"b\" is missing (nearest name: \"B\"); the model needs 2 columns: add or rename columns "
            "(the file has "
            "a, B)");
  EXPECT_EQ(parse_error("1\n2\n", predict),
            "t.csv: has 1 column without names, but the model needs 2; give these columns in the model's order, or a "
            "header with "
            "their names");
  EXPECT_EQ(parse_error("1,2\n", model),
            "t.csv: has the model's 2 columns but no target column \"t\"; add it as the last column");
}

TEST(Table, AModelOfNumberedColumnsTakesThemByPosition) {
  const ReadOptions model = {.target = "c1", .task = Task::regression, .expected_columns = {"c2", "c3"}};
  const Dataset set = parse("7,1,2\n8,3,4\n", model).train;
  EXPECT_EQ(elements_of(set.features), (Doubles{1, 2, 3, 4}));
  EXPECT_EQ(elements_of(set.targets), (Doubles{7, 8}));
  ReadOptions predict = model;
  predict.require_target = false;
  EXPECT_EQ(elements_of(parse("1,2\n3,4\n", predict).train.features), (Doubles{1, 2, 3, 4}));
}

TEST(Table, AModelsClassesAreMatched) {
  ReadOptions model = {.target = "t", .expected_columns = {"x"}, .expected_classes = {"b", "a"}};
  EXPECT_EQ(elements_of(parse("x,t\n1,a\n2,a\n", model).train.targets), (Doubles{1, 1}));
  EXPECT_EQ(parse_error("x,t\n1,a\n2,c\n", model),
            "t.csv: target column \"t\" holds \"c\" (line 3), which is none of the model's classes; these are b, a");
  model.expected_classes = {"1", "2"};
  EXPECT_EQ(elements_of(parse("x,t\n1,2.0\n2,1\n", model).train.targets), (Doubles{1, 0}));
}

TEST(Table, RefusesWhatIsNoTable) {
  EXPECT_EQ(parse_error(""), "t.csv: is empty; give a file with a row for each example");
  EXPECT_EQ(parse_error("\n  \n\r\n"), "t.csv: is empty; give a file with a row for each example");
  EXPECT_EQ(parse_error("a,b\n"), "t.csv: has a header but no rows below it; add rows");
  EXPECT_EQ(parse_error(std::string("1,2\0,3\n", 7)),
            "t.csv: is not a table (byte 4 is zero); give CSV, .npy or a directory of IDX files");
  EXPECT_EQ(parse_error("\xFF\xFE"
                        "a"),
            "t.csv: is not UTF-16 text (byte 3, line 1); give the encoding it has");
  EXPECT_EQ(parse_error("t\n1\n2\n", {.target = "t"}),
            "t.csv: has no column beside the target \"t\"; add features, or give --delimiter if its lines hold more "
            "than one cell");
}

TEST(Table, RefusesRaggedRowsAndQuotes) {
  EXPECT_EQ(
      parse_error("a,b,c\n1,2,3\n\n1,2\n1,2,3\n"),
      "t.csv: line 4 has 2 cells, expected 3 as in the other lines; correct the line (cells are separated by \",\")");
  EXPECT_EQ(parse_error("a,b\n1,\"2\n3,4\n"),
            "t.csv: line 2 opens a quote that is never closed; close it, or pass --quote none to read quotes as text");
  EXPECT_EQ(parse_error("a,b\n1,2\n\"3\"x,4\n"),
            "t.csv: line 3 has text after a closing quote; write a quote inside a quoted cell twice, or pass --quote "
            "none to read quotes as text");
}

TEST(Table, RefusesUnknownTargets) {
  EXPECT_EQ(parse_error("age,Species\n1,a\n2,b\n", {.target = "species"}),
            "t.csv: has no column \"species\" for the target; did you mean \"Species\"? the columns are age, Species");
  EXPECT_EQ(parse_error("age,kind\n1,a\n2,b\n", {.target = "3"}),
            "t.csv: has no column \"3\" for the target; the columns are age, kind");
  EXPECT_EQ(parse_error("age,kind\n1,a\n2,b\n", {.target = "0"}),
            "t.csv: has no column \"0\" for the target; the columns are age, kind");
  EXPECT_EQ(
      parse_error("age,kind\n1,a\n2,b\n", {}),
      "t.csv: no target column is named; pass --target with its name, its number or \"last\" (columns: age, kind)");
}

// Each value of a column, categories by name and missing cells as "?".
std::vector<std::string> column_of(const Dataset& data, std::size_t column) {
  std::vector<std::string> texts;
  for (std::int64_t row = 0; row < data.rows(); ++row) {
    const double value = data.features.at(row * data.feature_count() + static_cast<std::int64_t>(column));
    if (std::isnan(value)) {
      texts.emplace_back("?");
    } else if (data.is_categorical(column)) {
      texts.push_back(value < static_cast<double>(data.categories[column].size())
                          ? data.categories[column][static_cast<std::size_t>(value)]
                          : "other");
    } else {
      texts.push_back(fmt::format("{}", value));
    }
  }
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Table, ReadsNumbersCategoriesAndMissingCells) {
  const LoadedData loaded = parse("age,job,t\n31,cook,0\n?, \"clerk\" ,1\n,cook,0\n40,NA,1\n", {.target = "t"});
  const Dataset& data = loaded.train;
  EXPECT_EQ(data.categories, (std::vector<Texts>{{}, {"clerk", "cook"}}));
  EXPECT_EQ(column_of(data, 0), (Texts{"31", "?", "?", "40"}));
  EXPECT_EQ(column_of(data, 1), (Texts{"cook", "clerk", "cook", "?"}));
  EXPECT_EQ(loaded.notes, (Texts{"t.csv: 3 missing cells in 2 columns (age 2, job 1)"}));
}

TEST(Table, EveryUsualTokenIsMissing) {
  for (const char* token : {"", "?", "NA", "n/a", "NaN", "NULL", "-"}) {
    const Dataset data = parse("a,b,t\n1,x,0\n" + std::string(token) + ",y,1\n2,x,0\n", {.target = "t"}).train;
    EXPECT_EQ(column_of(data, 0), (Texts{"1", "?", "2"})) << token;
  }
}

TEST(Table, TokensOfTheUserReplaceTheUsualOnes) {
  const ReadOptions options{.target = "t", .missing_tokens = Texts{"999", "Unknown"}};
  const Dataset data = parse("a,b,t\n1,x,0\n999,unknown,1\n2,NA,0\n,x,1\n", options).train;
  EXPECT_EQ(column_of(data, 0), (Texts{"1", "?", "2", "?"}));
  EXPECT_EQ(column_of(data, 1), (Texts{"x", "?", "NA", "x"}));
}

TEST(Table, MissingCellsAreRefusedOrTheirRowsDropped) {
  const std::string text = "a,b,t\n1,x,0\n?,y,1\n2,?,0\n3,y,1\n";
  EXPECT_EQ(parse_error(text, {.target = "t", .missing = Missing::refuse}),
            "t.csv: column \"a\" has 1 missing cell (line 3, \"?\"), and so 1 column more; fill them in, or pass "
            "--missing impute or drop-rows");
  const LoadedData loaded = parse(text, {.target = "t", .missing = Missing::drop_rows});
  EXPECT_EQ(column_of(loaded.train, 0), (Texts{"1", "3"}));
  EXPECT_EQ(loaded.train.targets.at(1), 1);
  EXPECT_EQ(loaded.notes.back(), "t.csv: 2 rows with missing cells left out");
  EXPECT_EQ(parse_error("a,t\n?,0\n,1\n", {.target = "t", .missing = Missing::drop_rows}),
            "t.csv: column \"a\" has no value in any row, and no other column can help; add features");
}

// A column of `count` numbers of which the row `at` is `slip`.
std::string numbers_with(const std::string& slip, int at, int count = 40) {
  std::string text = "a,t\n";
  for (int i = 0; i < count; ++i)
    text += (i == at ? slip : fmt::format("{}.5", i * i)) + (i % 2 == 0 ? ",0\n" : ",1\n");
  return text;
}

TEST(Table, NearlyOnlyNumbersAreRefused) {
  EXPECT_EQ(
      parse_error(numbers_with("7 oops", 7)),
      "t.csv: column \"a\" has 1 text cell among 39 numbers (line 9, \"7 oops\"); correct them, pass --na-add \"7 "
      "oops\" to take it as missing, or pass --categorical \"a\" to take every value as a category");
  // Found late, when the column is already taken as numeric.
  EXPECT_EQ(
      parse_error(numbers_with("7 oops", 1400, 1500)),
      "t.csv: column \"a\" has 1 text cell among 1499 numbers (line 1402, \"7 oops\"); correct them, pass --na-add "
      "\"7 oops\" to take it as missing, or pass --categorical \"a\" to take every value as a category");
  EXPECT_EQ(parse(numbers_with("n.a.", 7), {.target = "t", .categorical = {"a"}}).train.categories[0].size(), 40u);
  const ReadOptions missing{.target = "t", .missing_tokens = Texts{"n.a."}};
  EXPECT_EQ(column_of(parse(numbers_with("n.a.", 7), missing).train, 0)[7], "?");
  const ReadOptions added{.target = "t", .added_missing_tokens = Texts{"7 Oops"}};
  EXPECT_EQ(column_of(parse(numbers_with("7 oops", 7), added).train, 0)[7], "?");
  EXPECT_EQ(
      parse_error("a,b,t\n1,2,0\n1,tall,1\n1,small,0\n", {.target = "t", .numeric = {"b"}}),
      "t.csv: column \"b\" has 2 text cells among 1 number (lines 3, 4; 2 different texts: \"tall\", \"small\"); the "
      "column is numeric: correct them, or pass --coerce \"b\" to take every text in the column as missing");
}

TEST(Table, ACategoryThatComesLateChangesTheColumn) {
  std::string text = "a,t\n";
  for (int i = 0; i < 1200; ++i) text += fmt::format("{},{}\n", i % 7, i % 2);
  for (int i = 0; i < 300; ++i) text += fmt::format("{},{}\n", i % 2 == 0 ? "x" : "y", i % 2);
  const Dataset data = parse(text, {.target = "t"}).train;
  EXPECT_EQ(data.categories, (std::vector<Texts>{{"0", "1", "2", "3", "4", "5", "6", "x", "y"}}));
  EXPECT_EQ(column_of(data, 0)[8], "1");
  EXPECT_EQ(column_of(data, 0)[1499], "y");
}

TEST(Table, DecimalCommas) {
  EXPECT_EQ(
      parse_error("a;t\n1,5;0\n2,5;1\n"),
      "t.csv: column \"a\" has numbers with a decimal comma (lines 2, 3; the first: \"1,5\"); pass --decimal , to "
      "read them, or --categorical \"a\" to take every value as a category");
  EXPECT_EQ(column_of(parse("a;t\n1,5;0\n-2,5e1;1\n", {.target = "t", .decimal = ','}).train, 0),
            (Texts{"1.5", "-25"}));
  const ReadOptions comma{.target = "t", .decimal = ','};
  EXPECT_EQ(column_of(parse("a;b;t\n1,5;1.000;0\n2;2;1\n", comma).train, 1), (Texts{"1000", "2"}));
}

TEST(Table, RefusesInfiniteCells) {
  EXPECT_EQ(parse_error("a,t\n1,0\n-inf,1\n1e999,1\n"),
            "t.csv: column \"a\" has 2 infinite cells (lines 3, 4; the first: \"-inf\"); correct them or remove these "
            "rows");
  EXPECT_EQ(parse_error("a,t\n1,0\n1e39,1\n"),
            "t.csv: column \"a\" has 1 infinite cell (line 3, \"1e39\"); numbers of f32 end at 3.4e38: choose f64 or "
            "correct them");
  EXPECT_EQ(parse_error("a,t\n1,0\n1e39,1\n", {.target = "t", .dtype = DType::f64}), "");
}

TEST(Table, LeavesOutWhatCannotHelp) {
  std::string text = "id,name,empty,x,t\n";
  for (int i = 0; i < 60; ++i) text += fmt::format("{},n{},,{},{}\n", 100 - i, i, i % 9, i % 2);
  const LoadedData loaded = parse(text, {.target = "t"});
  EXPECT_EQ(loaded.train.columns, (Texts{"x"}));
  EXPECT_EQ(loaded.train.features.shape(), (Shape{60, 1}));
  EXPECT_EQ(loaded.train.features.at(59), 59 % 9);
  EXPECT_EQ(loaded.notes[1], "column \"id\" numbers the rows and is left out; pass --numeric \"id\" to keep it");
  EXPECT_EQ(loaded.notes[2],
            "column \"name\" has another text in every row and is left out; pass --categorical \"name\" "
            "to keep it");
  const ReadOptions keep{.target = "t", .numeric = {"id"}, .categorical = {"name"}};
  EXPECT_EQ(parse(text, keep).train.columns, (Texts{"id", "name", "x"}));
  EXPECT_EQ(parse(text, {.target = "t", .drop = {"x", "2"}, .numeric = {"id"}}).train.columns, (Texts{"id"}));
}

TEST(Table, ColumnsThatAreNoFeatures) {
  const std::string text = "x,w,g,when,t\n1,0.5,a,2024-02-01,0\n2,2,b,2023-12-31,1\n3,1,a,2024-02-01,1\n";
  const ReadOptions options{.target = "t", .weights = "w", .group = "g", .time = "when"};
  const Dataset data = parse(text, options).train;
  EXPECT_EQ(data.columns, (Texts{"x"}));
  ASSERT_EQ(data.weights.shape(), Shape{3});
  EXPECT_EQ(data.weights.at(1), 2);
  EXPECT_EQ(data.groups, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(data.times, (std::vector<double>{1706745600, 1703980800, 1706745600}));
  const std::vector<std::int64_t> last{2, 1};
  EXPECT_EQ(take_rows(data, last).weights.at(0), 1);
  EXPECT_EQ(parse_error("x,w,t\n1,-1,0\n2,1,1\n", {.target = "t", .weights = "w"}),
            "t.csv: --weights column \"w\" holds \"-1\" (line 2), which is not a number of at least 0; correct it");
  EXPECT_EQ(
      parse_error("x,w,t\n1,1e300,0\n2,1,1\n", {.target = "t", .weights = "w"}),
      "t.csv: --weights column \"w\" holds \"1e300\" (line 2), which is too large for f32; choose f64 or give smaller "
      "weights, only their ratios count");
  EXPECT_EQ(parse_error("x,w,t\n1,1e-300,0\n2,1e-200,1\n", {.target = "t", .weights = "w"}),
            "t.csv: the weights in column \"w\" add up to 0; give some that are greater than 0");
  EXPECT_EQ(parse_error("x,g,t\n1,a,0\n2,,1\n", {.target = "t", .group = "g"}),
            "t.csv: --group column \"g\" has a missing cell (line 3); fill it in");
  EXPECT_EQ(
      parse_error("x,d,t\n1,31.11.2024,0\n2,1.1.2025,1\n", {.target = "t", .time = "d"}),
      "t.csv: --time column \"d\" holds \"31.11.2024\" (line 2); give numbers, or dates as 2024-05-31 in every row");
  EXPECT_EQ(parse_error("x,t\n1,0\n2,1\n", {.target = "t", .drop = {"t"}}),
            "t.csv: column \"t\" is the target and cannot be for --drop as well; name another");
  EXPECT_EQ(parse_error("x,t\n1,0\n2,1\n", {.target = "t", .drop = {"xx"}}),
            "t.csv: has no column \"xx\" for --drop; did you mean \"x\"? the columns are x, t");
}

TEST(Table, LinesBeforeTheTableAndComments) {
  const LoadedData titled = parse("Report of May\n# made by hand\na,t\n1,0\n2,1\n", {.target = "t"});
  EXPECT_EQ(titled.train.columns, (Texts{"a"}));
  EXPECT_EQ(titled.notes[0], "2 lines before the table are left out (the first: \"Report of May\")");
  const LoadedData commented = parse("# a, b, c, d\na,t\n1,0\n# 7,7\n2,1\n#", {.target = "t", .comment = "#"});
  EXPECT_EQ(column_of(commented.train, 0), (Texts{"1", "2"}));
  EXPECT_TRUE(commented.notes.empty());
}

TEST(Table, AHeaderOverNothingButTexts) {
  EXPECT_EQ(parse("hat,smell\nred,bad\nred,good\nblue,bad\nblue,good\n", {.target = "last"}).train.columns,
            (Texts{"hat"}));
  EXPECT_EQ(parse("red,bad\nred,good\nblue,bad\nblue,good\n", {.target = "last"}).train.columns, (Texts{"c1"}));
}

TEST(Table, ReadsForAModel) {
  ReadOptions model{.target = "t", .task = Task::classification, .expected_columns = {"job", "age"}};
  model.expected_classes = {"no", "yes"};
  model.expected_categories = {{"clerk", "cook"}, {}};
  const LoadedData loaded = parse("t,age,extra,job\nyes.,31,7,cook\nno,?,8,smith\nno,40,9,clerk\n", model);
  EXPECT_EQ(column_of(loaded.train, 0), (Texts{"cook", "other", "clerk"}));
  EXPECT_EQ(column_of(loaded.train, 1), (Texts{"31", "?", "40"}));
  EXPECT_EQ(loaded.train.targets.at(0), 1);
  EXPECT_EQ(
      loaded.notes,
      (Texts{"t.csv: 1 label with a full stop behind the name of a class (first: line 2, \"yes.\") is taken without it",
             "t.csv: column \"job\" has 1 category cell that no training row had (line 3, \"smith\"); it counts as "
             "other",
             "t.csv: 1 missing cell in 1 column (age 1)"}));
  EXPECT_EQ(parse_error("t,age,job\nyes,old,cook\n", model),
            "t.csv: column \"age\" has 1 text cell among 0 numbers (line 2, \"old\"); the column is numeric: correct "
            "them, or pass --na-add \"old\" to take it as missing");
}

TEST(TableReader, GivesThePartsOfTheWhole) {
  const TestDirectory directory;
  std::string text = "id,x,kind\n";
  for (int i = 0; i < 1000; ++i)
    text += fmt::format("\"r\"\"{}\",{},{}\n", i, i % 13 == 0 ? "" : fmt::format("{}.25", i), i % 3 == 0 ? "a" : "b");
  const std::string path = directory.write("t.csv", text);
  ReadOptions model{
      .target = "t", .task = Task::regression, .require_target = false, .expected_columns = {"kind", "x"}};
  model.expected_categories = {{"a", "b"}, {}};
  const Dataset whole = parse(text, model).train;
  TableReader reader(path, model, {"id"});
  std::int64_t row = 0;
  for (TableReader::Part part = reader.next(64); part.rows > 0; part = reader.next(64)) {
    for (std::int64_t i = 0; i < part.rows; ++i, ++row) {
      EXPECT_EQ(part.kept[static_cast<std::size_t>(i)], fmt::format("r\"{}", row));
      EXPECT_EQ(part.features.at(2 * i), whole.features.at(2 * row));
      const double x = part.features.at(2 * i + 1), expected = whole.features.at(2 * row + 1);
      EXPECT_TRUE(x == expected || (std::isnan(x) && std::isnan(expected))) << row;
    }
  }
  EXPECT_EQ(row, 1000);
  EXPECT_EQ(reader.notes(), (Texts{path + ": 77 missing cells in 1 column (x 77)"}));
}

TEST(Table, RefusesUnusableTargets) {
  EXPECT_EQ(parse_error("x,t\n1,a\n2,a\n", {.target = "t"}),
            "t.csv: target column \"t\" has only one class, \"a\", in all 2 rows; there is nothing to learn from it, "
            "choose another");
  EXPECT_EQ(parse_error("x,t\n1,3\n2,3\n", {.target = "t"}),
            "t.csv: target column \"t\" has the same value \"3\" in all 2 rows; there is nothing to learn from it, "
            "choose another");
  EXPECT_EQ(parse_error("x,t\n1,a\n2,NA\n3,b\n", {.target = "t", .missing = Missing::refuse}),
            "t.csv: target column \"t\" has 1 missing cell (first: line 3, \"NA\"); fill them in, or pass --missing "
            "drop-rows to leave these rows out");
  EXPECT_EQ(
      parse_error("x,t\n1,5\n2,inf\n3,6\n", {.target = "t"}),
      "t.csv: target column \"t\" has 1 infinite cell (first: line 3, \"inf\"); correct them or remove these rows");
  EXPECT_EQ(parse_error("x,t\n1,5\n2,1e39\n3,6\n", {.target = "t"}),
            "t.csv: target column \"t\" holds \"1e39\" (line 3), which is too large for f32; choose f64 or correct it");
  std::string mixed = "x,t\n";
  for (int i = 0; i < 30; ++i) mixed += "1," + (i == 7 ? std::string("oops") : std::to_string(i)) + "\n";
  EXPECT_EQ(
      parse_error(mixed, {.target = "t"}),
      "t.csv: target column \"t\" has 1 text cell (first: line 9, \"oops\"); numbers belong here: correct them, "
      "pass --coerce \"t\" to take them as missing, or pass --task classification to take every value as a label");
  EXPECT_EQ(parse(mixed, {.target = "t", .task = Task::classification}).train.classes.size(), 30u);
}

TEST(Table, MessagesStayOnOneLine) {
  const std::string text = "a,t\n1,0\n2,1\n\"x\ny" + std::string(100, 'z') + "\",1\n";
  const std::string message = parse_error(text, {.target = "t", .numeric = {"a"}});
  EXPECT_EQ(message.find('\n'), std::string::npos);
  EXPECT_NE(message.find("\"x?y" + std::string(37, 'z') + "…\""), std::string::npos) << message;
}

// No byte sequence crashes the reader: damaged versions of a table are read or refused.
TEST(Table, DamagedTablesAreReadOrRefused) {
  const std::string table = "a,\"b\"\"q\",t\r\n1,2,x\n3,\"4\",y\n-5e3,.5,\"x\"\n";
  const std::string alphabet = "\",;\t|\r\n 1e.-+?x\xEF\xFF";
  std::uint32_t random = 1;
  const auto draw = [&random](std::size_t bound) {
    random = random * 1664525u + 1013904223u;
    return static_cast<std::size_t>(random >> 8) % bound;
  };
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = table;
    for (std::size_t change = 0; change <= draw(4); ++change) {
      const std::size_t at = draw(damaged.size());
      if (draw(3) == 0) {
        damaged.erase(at, draw(6));
        damaged += ' ';
      } else {
        damaged.insert(at, 1, alphabet[draw(alphabet.size())]);
      }
    }
    const std::string message = parse_error(damaged);
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace hillock

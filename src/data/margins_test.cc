// What surrounds a table: marks, remarks, delimiters and rows at its edges, a footer.
#include "data/margins.h"

#include "data/layout_testing.h"

namespace hillock {
namespace {

const ReadOptions kLine = {.target = "y", .task = Task::regression};

ReadOptions with_skip(std::int64_t skip, std::optional<std::int64_t> skip_end = {}) {
  ReadOptions options = kLine;
  options.skip = skip;
  options.skip_end = skip_end;
  return options;
}

std::string remarks(int lines, const std::string& begin = "") {
  std::string text;
  for (int line = 0; line < lines; ++line) text += fmt::format("{}Remark {}\n", begin, line + 1);
  return text;
}

TEST(Margins, APreambleOfAnyLengthIsFound) {
  for (const int lines : {1, 5, 12, 40, 150}) {
    const LoadedData data = parse(remarks(lines) + line_table(), kLine);
    expect_line(data.train, fmt::format("{} lines", lines));
    EXPECT_TRUE(
        any_note_has(data, fmt::format("{} before the table", lines == 1 ? "1 line" : fmt::format("{} lines", lines))));
    expect_line(parse(remarks(lines, "# ") + line_table({.delimiter = ";"}), kLine).train, "#");
  }
  // Prose has commas as well, and NASA's lists of columns have as many cells as they like.
  expect_line(
      parse("Planets, stars and dust\nSource: a, b, c, d\nRetrieved in May, 2014\n\n" + line_table(), kLine).train,
      "prose");
  expect_line(parse("# a: first, in m\n# b, in s, at sea\n# y\n" + line_table(), kLine).train, "columns");
  const std::string short_table = line_header() + line_row(0) + line_row(1) + line_row(2);
  EXPECT_EQ(parse(remarks(12) + short_table, kLine).train.rows(), 3);
}

// What cannot be told from a slip is refused with options that work.
TEST(Margins, APreambleThatMayBeASlipNamesTheOptions) {
  const std::string text = "# x, 1\n# y, 2\n" + line_rows();
  EXPECT_EQ(parse_error("From,2\nTo,3\n" + line_rows(), {.target = "last"}),
            "t.csv: line 1 has 2 cells, expected 3 as in the other lines; correct the line (cells are separated by "
            "\",\"), or pass --skip 2 if the table begins below");
  ReadOptions options = {.target = "last", .task = Task::regression, .skip = 2};
  expect_line(parse("From,2\nTo,3\n" + line_rows(), options).train, "skip");
  EXPECT_EQ(parse_error(text, {.target = "last"}),
            "t.csv: line 1 has 2 cells, expected 3 as in the other lines; correct the line (cells are separated by "
            "\",\"), or pass --skip 2 if the table begins below, or pass --comment \"#\" if such lines are remarks");
  expect_line(parse(text, options).train, "skip");
  options = {.target = "last", .task = Task::regression, .comment = "#"};
  expect_line(parse(text, options).train, "comment");
}

TEST(Margins, LinesThatOptionsLeaveOut) {
  expect_line(parse("x,y\n1\n" + line_table() + "the,end\n\nof it\n\n", with_skip(2, 2)).train, "both");
  EXPECT_EQ(parse_error("a\nb\n" + line_header() + "1,2\n" + line_row(0) + line_row(1), with_skip(2)),
            "t.csv: line 4 has 2 cells, expected 3 as in the other lines; correct the line (cells are separated by "
            "\",\")");
  EXPECT_EQ(parse_error("a,y\n1,2\n", with_skip(2)),
            "t.csv: --skip 2 leaves nothing of its 2 lines; skip fewer, or leave it out");
  EXPECT_EQ(parse_error("a,y\n1,2\n", with_skip(0, 5)),
            "t.csv: --skip-end 5 leaves nothing of its 2 lines; skip fewer, or leave it out");
}

TEST(Margins, AFooterIsRefusedWithTheOptionThatLeavesItOut) {
  for (const char* footer : {"Total,,350.5\n", "total:,1,2\n", "Summe,1,2\n\n", "(200 rows)\n", "\n(200 rows)\n\n",
                             "200 rows\n", "合计,1,2"}) {
    const std::string message = parse_error(line_table() + footer, kLine);
    EXPECT_NE(message.find("--skip-end 1"), std::string::npos) << message;
    expect_line(parse(line_table() + footer, with_skip(0, 1)).train, footer);
  }
  EXPECT_EQ(parse_error(line_table() + "Total,,350.5\n", kLine),
            "t.csv: the last line (\"Total,,350.5\") looks like a footer; pass --skip-end 1 to leave it out, or "
            "--skip-end 0 if it is a row");
  const std::string several = line_table() + "\nSource: somebody\nRetrieved: 2014, May\n";
  EXPECT_EQ(parse_error(several, kLine),
            "t.csv: line 203 has 1 cell, expected 3 as in the other lines; correct the line (cells are separated by "
            "\",\"), or pass --skip-end 2 if the table ends above");
  expect_line(parse(several, with_skip(0, 2)).train, "two lines");
  // A category is no footer.
  const std::string groups = "sex,n,y\nmale,1,3\nfemale,2,4\ntotal,3,7\nmale,1,2\nfemale,2,4\ntotal,3,6\n";
  EXPECT_EQ(parse(groups, kLine).train.categories[0].size(), 3u);
  const std::string once = "sex,n,y\nmale,1,3\nfemale,2,4\nmale,1,2\nfemale,2,4\ntotal,3,6\n";
  EXPECT_EQ(parse(once, with_skip(0, 0)).train.rows(), 5);
}

TEST(Margins, DelimitersAtTheEndOfLinesShiftNothing) {
  const LineWriting more{.end = ",\n"};
  const LoadedData rows_alone = parse(line_header() + line_rows(more), kLine);
  expect_line(rows_alone.train, "rows alone");
  EXPECT_TRUE(any_note_has(rows_alone, "every line ends in a delimiter; the empty column behind it is left out"));
  EXPECT_EQ(rows_alone.train.columns, (std::vector<std::string>{"a", "b"}));
  const LoadedData header_alone = parse(line_header(more) + line_rows(), kLine);
  expect_line(header_alone.train, "header alone");
  EXPECT_TRUE(any_note_has(header_alone, "the header ends in a delimiter; the column without a name is left out"));
  const ReadOptions last{.target = "last", .task = Task::regression};
  for (const char* end : {",\n", ",,\n", " , ,,,\n", ",\"\"\n"}) {
    expect_line(parse(line_table({.end = end}), last).train, end);
    expect_line(parse(line_rows({.end = end}), last).train, end);
    expect_line(parse(line_header() + line_rows({.end = end}), last).train, end);
  }
  expect_line(parse(line_header({.delimiter = ";"}) + line_rows({.delimiter = ";", .end = ";\r\n"}), kLine).train, ";");
  // Texts that are all different would make the first column the rows' names.
  std::string named = "name,x,y\n";
  for (int i = 0; i < 60; ++i) named += fmt::format("n{},{},{},\n", i % 30, i * i % 37, i % 2);
  EXPECT_EQ(parse(named, kLine).train.columns, (std::vector<std::string>{"name", "x"}));
}

TEST(Margins, ALastColumnThatIsNotEmptyIsOne) {
  std::string text = line_header() + line_rows({.end = ",\n"});
  text.insert(text.size() - 1, "7");
  EXPECT_EQ(parse_error(text, kLine),
            "t.csv: line 1 has 3 cells, expected 4 as in the other lines; correct the line (cells are separated by "
            "\",\")");
  text = "a,b,y,\n" + line_rows({.end = ",\n"});
  text.insert(text.size() - 1, "7");
  EXPECT_EQ(parse(text, {.target = "y", .drop = {"c4"}}).train.rows(), kLineRows);
  EXPECT_EQ(parse_error("a,b,t\n1,2,\n3,4,\n", {.target = "t"}).find("t.csv: target column \"t\""), 0u);
}

TEST(Margins, EndMarksAndEmptyRowsAreIgnored) {
  const std::string table = line_table();
  for (const char* end : {"\x1a", "\x1a\n", "\n\x1a\x1a\x1a", "\n\n  \n", ",,\n", ",,\n,,\n , , \n\n", ",,,,,,\n"}) {
    expect_line(parse(table + end, kLine).train, end);
  }
  const LoadedData data =
      parse(line_header() + ",,\n" + line_row(0) + ",,\n" + line_row(1) + " , ,\n" + line_row(2) + ",,", kLine);
  EXPECT_EQ(data.train.rows(), 3);
  EXPECT_TRUE(any_note_has(data, "3 rows of nothing but delimiters are left out"));
  EXPECT_TRUE(any_note_has(data, "1 row of nothing but delimiters at the end is left out"));
}

// One answer a row: in prediction only what fills a file up at its end is no row.
TEST(Margins, PredictionKeepsEmptyRows) {
  ReadOptions model = {
      .target = "y", .task = Task::regression, .require_target = false, .expected_columns = {"a", "b"}};
  const Dataset data = parse("a,b\n1,2\n,\n3,4\n,\n,\n", model).train;
  ASSERT_EQ(data.rows(), 3);
  EXPECT_TRUE(std::isnan(data.features.at(2)) && std::isnan(data.features.at(3)));
  EXPECT_EQ(data.features.at(4), 3);
  model.expected_columns = {"a"};
  const Dataset one = parse("a\n1\n\n3\n  \n5\n\n", model).train;
  ASSERT_EQ(one.rows(), 6);
  EXPECT_TRUE(std::isnan(one.features.at(1)) && std::isnan(one.features.at(3)) && std::isnan(one.features.at(5)));
  EXPECT_EQ(one.features.at(4), 5);
  model.expected_categories = {{"x", "z"}};
  const Dataset texts = parse("a\nx\n\nz\n", model).train;
  ASSERT_EQ(texts.rows(), 3);
  EXPECT_TRUE(std::isnan(texts.features.at(1)));
}

TEST(Margins, ALineSaysWhatSeparatesCells) {
  for (const char* line : {"sep=;\n", "sep=;\r\n", "\"sep=;\"\n", "SEP=;\n", "\xEF\xBB\xBFsep=;\n"}) {
    const LoadedData data = parse(line + line_table({.delimiter = ";"}), kLine);
    expect_line(data.train, line);
    EXPECT_TRUE(any_note_has(data, "the first line says that cells are separated by \";\"")) << line;
  }
  EXPECT_EQ(parse("sep=;\nx\n1\n2\n", {.target = "x", .require_target = false, .expected_columns = {"x"}}).train.rows(),
            2);
  EXPECT_EQ(parse("sep=\t\na\ty\n1\t2\n2\t5\n3\t7\n", kLine).train.rows(), 3);
  std::string wide = "sep=;\n";
  for (int row = 0; row < 3; ++row) {
    for (int i = 0; i < 50; ++i) wide += fmt::format("{}{}{}", i > 0 ? ";" : "", row == 0 ? "v" : "", i + row);
    wide += '\n';
  }
  EXPECT_EQ(parse(wide, {.target = "v49"}).columns.size(), 50u);
  EXPECT_EQ(parse_error("sep=;\na;b\n1;2\n3\n4;5\n"),
            "t.csv: line 4 has 1 cell, expected 2 as in the other lines; correct the line (cells are separated by "
            "\";\")");
}

}  // namespace
}  // namespace hillock

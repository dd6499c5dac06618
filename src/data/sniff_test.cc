// Delimiters, quotes and decimal commas that are found from the first lines.
#include "data/sniff.h"

#include "data/layout.h"
#include "data/layout_testing.h"

namespace hillock {
namespace {

using Names = std::vector<std::string>;

const ReadOptions kLast = {.target = "last", .task = Task::regression};

TEST(Sniff, DecimalCommasAreFoundWithTheDelimiter) {
  for (const char* delimiter : {";", "\t", "|", " ; "}) {
    const LineWriting writing{.delimiter = delimiter, .decimal = ','};
    const LoadedData data = parse(line_rows(writing), kLast);
    expect_line(data.train, delimiter);
    EXPECT_TRUE(any_note_has(data, "numbers have decimal commas (the first: \"0,5\")")) << delimiter;
    ReadOptions options = kLast;
    options.decimal = ',';
    expect_line(parse(line_rows(writing), options).train, delimiter);
    expect_line(parse(line_table(writing), options).train, delimiter);
  }
  // Thousands or decimals: asked elsewhere.
  EXPECT_NE(parse_error("1,500;2,250\n3,500;1,250\n1,125;2,375\n", kLast), "");
  const ReadOptions comma = {.target = "last", .decimal = ','};
  EXPECT_EQ(parse("\"1,5\",\"2,5\"\n\"3,5\",\"4,5\"\n\"2,5\",\"7\"\n", comma).train.features.at(1), 3.5);
}

TEST(Sniff, CommasSeparateWhereDecimalCommasStandInQuotes) {
  const ReadOptions comma = {.decimal = ','};
  const auto delimiter_of = [&](std::string_view text) {
    std::vector<std::string> notes;
    return sniff_writing(text, "t.csv", comma, rules_of(comma), notes).delimiter;
  };
  EXPECT_EQ(delimiter_of("a,b\n\"1,5\",2\n\"2,5\",3\n"), ',');
  EXPECT_EQ(delimiter_of("a;b\n\"1,5\";2\n\"2,5\";3\n"), ';');
  EXPECT_EQ(delimiter_of("a\n1,5\n2,5\n"), ';');
}

TEST(Sniff, CommasInTextsDoNotSeparateThere) {
  std::string text = "name\tage\ty\n";
  for (int i = 0; i < 8; ++i) text += fmt::format("Doe, {}, Ms\t{}\t{}\n", i % 3, i + 20, i * 2);
  for (const std::string& table : {text, text.substr(text.find('\n') + 1)}) {
    EXPECT_EQ(parse_table(table, "t.tsv", kLast).train.feature_count(), 2) << table;
    EXPECT_EQ(parse(table, kLast).train.feature_count(), 2) << table;
  }
  // One line in two is enough where the name says so.
  EXPECT_EQ(parse_table("a\ty\n1,2\t3\n2,2\t4\n3,4\t4\n", "x.tsv.gz", {.target = "y", .categorical = {"a"}})
                .train.categories[0]
                .size(),
            3u);
}

TEST(Sniff, SingleQuotesAreSeen) {
  const std::string text = "'a','town, land',y\n'x','Ulm, D','1'\n'x','Bern, CH','2'\n'z','it''s, so','5'\n";
  const LoadedData data = parse(text, kLast);
  EXPECT_EQ(data.train.categories[1], (Names{"Bern, CH", "Ulm, D", "it's, so"}));
  EXPECT_TRUE(
      any_note_has(data, "cells are taken as quoted by '; pass --quote '\"' if these marks belong to the texts"));
  ReadOptions options = kLast;
  EXPECT_EQ(parse("'a',y\n'x','1'\n'x','2'\n'z','2'\n", {.target = "last", .header = true, .quote = '"'}).train.classes,
            (Names{"'1'", "'2'"}));
  options.quote = '\'';
  EXPECT_EQ(parse(text, options).train.rows(), 3);
  // Apostrophes are none.
  EXPECT_EQ(parse("a,y\n'tis,1\ndogs',2\nit's,3\n'tis,3\n", kLast).train.categories[0],
            (Names{"'tis", "dogs'", "it's"}));
}

TEST(Sniff, QuotesMayBeEscapedByBackslashes) {
  const std::string text = "a,y\n\"say \\\"no\\\", or\",1\n\"5\\\"\",2\n\"c:\\\\d\",3\n\"5\\\"\",3\n";
  const LoadedData data = parse(text, kLast);
  EXPECT_EQ(data.train.categories[0], (Names{"5\"", "c:\\d", "say \"no\", or"}));
  EXPECT_TRUE(any_note_has(data, "a backslash before a quote is taken as its escape"));
  std::string late = "a,y\n";
  for (int i = 0; i < 300; ++i) late += fmt::format("\"p{}\",{}\n", i % 7, i);
  late += "\"say \\\"no\\\"\",1\n";
  EXPECT_EQ(
      parse_error(late, kLast),
      "t.csv: line 302 has text after a quote that follows a backslash; pass --quote '\\\"' if a backslash escapes "
      "quotes");
  ReadOptions options = kLast;
  options.quote = '"';
  options.backslash_escapes = true;
  EXPECT_EQ(parse(late, options).train.categories[0].back(), "say \"no\"");
  EXPECT_EQ(parse("a,y\n\"c:\\\",1\n\"d:\\\",2\n\"c:\\\",3\n", kLast).train.categories[0], (Names{"c:\\", "d:\\"}));
}

TEST(Sniff, NothingNeedsToBeQuoted) {
  ReadOptions options = kLast;
  options.quote = '\0';
  EXPECT_EQ(parse("a,y\n\"5,1\n6\",2\n\"5,3\n", options).train.categories[0], (Names{"\"5", "6\""}));
}

}  // namespace
}  // namespace hillock

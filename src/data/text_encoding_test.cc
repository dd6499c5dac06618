// Texts in encodings other than UTF-8.
#include "data/text_encoding.h"

#include "data/data_testing.h"

namespace hillock {
namespace {

TEST(Utf8, FindsTheFirstByteThatDoesNotBelong) {
  EXPECT_EQ(find_invalid_utf8(""), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("plain text, longer than eight bytes"), std::nullopt);
  EXPECT_EQ(find_invalid_utf8("\u00e9 \u4e2d\u6587 \U0001F9E0 and \uFFFD"), std::nullopt);
  // Unicode 15, table 3-7: overlong forms, surrogates, beyond U+10FFFF, cut off, continuation alone.
  for (const char* bad : {"\xC0\xAF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5",
                          "\xE4\xB8", "\xC3", "\x80", "\xFF"}) {
    EXPECT_EQ(find_invalid_utf8(std::string("123456789") + bad), 9u) << bad;
    EXPECT_EQ(find_invalid_utf8(bad + std::string("123456789")), 0u) << bad;
  }
}

TEST(TextEncoding, TablesInOtherEncodings) {
  const std::string gb = "\xB3\xC7\xCA\xD0,t\n\xB1\xB1\xBE\xA9,0\n\xC9\xCF\xBA\xA3,1\n\xB1\xB1\xBE\xA9,1\n";
  const Dataset cities = parse(gb, {.target = "t", .encoding = "GB18030"}).train;
  EXPECT_EQ(cities.columns[0], "\u57CE\u5E02");
  EXPECT_EQ(cities.categories[0], (std::vector<std::string>{"\u4E0A\u6D77", "\u5317\u4EAC"}));
  const Dataset sizes = parse(
                            "gr\xF6\xDF"
                            "e,t\n1,0\n2,1\n",
                            {.target = "t", .encoding = "ISO-8859-1"})
                            .train;
  EXPECT_EQ(sizes.columns[0], "gr\u00F6\u00DFe");
  const std::string wide(
      "\xFF\xFE"
      "x\0,\0t\0\n\0"
      "1\0,\0"
      "0\0\n\0"
      "2\0,\0"
      "1\0\n\0",
      26);
  EXPECT_EQ(parse(wide, {.target = "t"}).train.columns[0], "x");
}

TEST(TextEncoding, SuggestsWhatWouldFit) {
  EXPECT_EQ(
      parse_error("\xB3\xC7\xCA\xD0,t\n1,0\n"),
      "t.csv: is not UTF-8 text (byte 1, line 1); pass --encoding GB18030 or --encoding ISO-8859-1, or save it as "
      "UTF-8");
  EXPECT_EQ(parse_error("a,t\n1,0\nna\xEFve,1\n\xE9,1\n"),
            "t.csv: is not UTF-8 text (byte 11, line 3); pass --encoding ISO-8859-1, or save it as UTF-8");
  EXPECT_EQ(parse_error("a,t\n1,0\n\xE9\n1,1\n"),
            "t.csv: is not UTF-8 text (byte 9, line 3); pass --encoding ISO-8859-1, or save it as UTF-8");
  EXPECT_EQ(parse_error("a,t\n1,0\n", {.target = "t", .encoding = "klingon"}),
            "t.csv: the encoding \"klingon\" is not known here; give one that `iconv --list` names, for example "
            "--encoding GB18030 or --encoding ISO-8859-1");
  EXPECT_EQ(parse_error("a,t\n1,\xFF\n", {.target = "t", .encoding = "GB18030"}),
            "t.csv: is not GB18030 text (byte 7, line 2); give the encoding it has");
}

}  // namespace
}  // namespace hillock

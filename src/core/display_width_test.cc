// Widths from the Unicode Character Database, read by hand: Latin and Cyrillic take one column, Han, kana, Hangul and
// full-width forms two, combining marks none.
#include <gtest/gtest.h>

#include "hillock/text.h"

namespace hillock {
namespace {

TEST(DisplayWidth, CountsColumnsOfATerminal) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("price"), 5u);
  EXPECT_EQ(display_width("Größe"), 5u);
  EXPECT_EQ(display_width("цена"), 4u);
  EXPECT_EQ(display_width("年齢"), 4u);
  EXPECT_EQ(display_width("价格 (元)"), 9u);
  EXPECT_EQ(display_width("ﾃﾞｰﾀ"), 4u) << "half-width kana";
  EXPECT_EQ(display_width("ＡＢ"), 4u) << "full-width Latin";
  EXPECT_EQ(display_width("가격"), 4u);
  EXPECT_EQ(display_width("\u1100\u1161"), 2u) << "a syllable in parts";
  EXPECT_EQ(display_width("e\u0301te\u0301"), 3u) << "combining accents";
  EXPECT_EQ(display_width("ก\u0e34"), 1u) << "a Thai vowel above its consonant";
  EXPECT_EQ(display_width("😀"), 2u);
  EXPECT_EQ(display_width("𠮷"), 2u) << "beyond the basic plane";
  EXPECT_EQ(display_width("…±²"), 3u) << "ambiguous ones are narrow outside East Asia";
  EXPECT_EQ(display_width("a\u200bb"), 2u);
}

TEST(DisplayWidth, BytesThatAreNotUtf8TakeOneColumnEach) {
  EXPECT_EQ(display_width("\xff\xfe"), 2u);
  EXPECT_EQ(display_width("\xe5\xb9"), 2u) << "a character that is cut off";
  EXPECT_EQ(display_width("\xe5Z\xb9"), 3u);
}

TEST(DisplayWidth, NeverCutsACharacter) {
  const std::string_view name = "年收入e\u0301";  // 2 + 2 + 2 + 1 columns
  EXPECT_EQ(prefix_of_width(name, 7), name);
  EXPECT_EQ(prefix_of_width(name, 6), "年收入");
  EXPECT_EQ(prefix_of_width(name, 5), "年收");
  EXPECT_EQ(prefix_of_width(name, 1), "");
  EXPECT_EQ(prefix_of_width("e\u0301te\u0301", 1), "e\u0301");
  EXPECT_EQ(shortened(name, 7), name);
  EXPECT_EQ(shortened(name, 6), "年收~");
  EXPECT_EQ(shortened("versicolor", 5), "vers~");
  EXPECT_EQ(shortened("two\nlines", 20), "two?lines");
}

TEST(Printable, LeavesNamesInAnyScript) {
  for (const std::string_view name : {"price", "Größe in m²", "цена", "年收入 (元)", "नाम", "مبلغ", "e\u0301te\u0301",
                                      "می\u200cخواهم", "👩\u200d🔬", "a\u00a0b", "𠮷", "\ufffd", "~!\"\\"}) {
    EXPECT_EQ(printable(name), name);
  }
}

TEST(Printable, ShowsNothingThatSteersATerminal) {
  EXPECT_EQ(printable("\x1b[31mred\x1b]0;title\x07"), "?[31mred?]0;title?");
  EXPECT_EQ(printable("a\r\n\tb\x7f"), "a???b?");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a?b");
  EXPECT_EQ(printable("\u009b31m \u0085 \u2028 \u2029"), "?31m ? ? ?") << "C1, and line ends";
  EXPECT_EQ(printable("\u202egnp.\u202c \u2066a\u2069 \u200f \u200e \u061c"), "?gnp.? ?a? ? ? ?") << "directions";
}

TEST(Printable, ShowsNoByteThatIsNotUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "??");
  EXPECT_EQ(printable("\x9b"
                      "31m"),
            "?31m")
      << "what a terminal of 8 bits takes for an escape";
  EXPECT_EQ(printable("\xc0\x9b \xe0\x82\x9b \xf0\x80\x82\x9b"), "?? ??? ????") << "longer than they may be";
  EXPECT_EQ(printable("\xed\xa0\x80"), "???") << "half of a pair";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "????") << "beyond U+10FFFF";
  EXPECT_EQ(printable("a\xe5\xb9"), "a??") << "cut off";
  EXPECT_EQ(shortened("\x1b[2J\xe5\xb9", 4), "?[2~");
  EXPECT_EQ(quote("\u009b1m\x1b\xff"), "\"?1m??\"");
}

TEST(Printable, EscapesInJson) {
  EXPECT_EQ(printable_json("{\"年\": [1,\n\"a\\u001b\"]}"), "{\"年\": [1,\n\"a\\u001b\"]}");
  EXPECT_EQ(printable_json("\"\u009b\x7f\u202e\xff\""), R"("\u009b\u007f\u202e\ufffd")");
}

TEST(DisplayWidth, AlignsByColumns) {
  EXPECT_EQ(left_aligned("年", 4) + "|", "年  |");
  EXPECT_EQ(right_aligned("年", 4), "  年");
  EXPECT_EQ(right_aligned("年龄段", 4), "年龄段");
}

TEST(Wording, QuotesAsManyCharactersAsFortyColumnsHold) {
  std::string name, shown;
  for (int i = 0; i < 30; ++i) name += "收";
  for (int i = 0; i < 20; ++i) shown += "收";
  EXPECT_EQ(quote(name), "\"" + shown + "…\"");
  EXPECT_EQ(quote(shown), "\"" + shown + "\"");
}

}  // namespace
}  // namespace hillock

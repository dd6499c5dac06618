// Widths from the Unicode Character Database, read by hand: Latin and Cyrillic take one column, Han, kana, Hangul and
// full-width forms two, combining marks none.
#include "core/display_width.h"

#include <gtest/gtest.h>

#include "core/wording.h"

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
  EXPECT_EQ(fitting(name, 7), name);
  EXPECT_EQ(fitting(name, 6), "年收入");
  EXPECT_EQ(fitting(name, 5), "年收");
  EXPECT_EQ(fitting(name, 1), "");
  EXPECT_EQ(fitting("e\u0301te\u0301", 1), "e\u0301");
  EXPECT_EQ(shortened(name, 7), name);
  EXPECT_EQ(shortened(name, 6), "年收~");
  EXPECT_EQ(shortened("versicolor", 5), "vers~");
  EXPECT_EQ(shortened("two\nlines", 20), "two?lines");
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

// parse_decimal gives the same bits as std::from_chars and ends numbers where the grammar ends them.
#include "data/decimal.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <random>
#include <string>

namespace hillock {
namespace {

// `text` is one complete number: its double must equal that of from_chars.
void expect_equal_bits(const std::string& text) {
  double expected = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), expected);
  ASSERT_TRUE(error == std::errc() && stop == text.data() + text.size()) << text;
  const std::string padded = text + "," + std::string(kDecimalLookahead, '7');
  double number = 0;
  const char* const end = parse_decimal(padded.data(), number);
  ASSERT_EQ(end, padded.data() + text.size()) << text;
  ASSERT_EQ(std::bit_cast<std::uint64_t>(number), std::bit_cast<std::uint64_t>(expected)) << text;
}

// A random number of 1 to 22 digits with an optional point anywhere, sign and exponent.
std::string random_decimal(std::mt19937_64& random) {
  std::string text = random() % 2 == 0 ? "-" : "";
  const auto digits = static_cast<int>(random() % 22) + 1;
  const auto point = static_cast<int>(random() % 24);  // no point if beyond the digits
  for (int k = 0; k < digits; ++k) {
    if (k == point) text += '.';
    text += static_cast<char>('0' + random() % 10);
  }
  if (point == digits) text += '.';
  if (random() % 3 == 0) {
    text += random() % 2 == 0 ? 'e' : 'E';
    text += std::string(random() % 3 == 0 ? "-" : random() % 2 == 0 ? "+" : "");
    text += std::to_string(random() % (random() % 4 == 0 ? 200 : 25));
  }
  return text;
}

TEST(Decimal, GivesTheBitsOfFromChars) {
  std::mt19937_64 random(1);
  for (int k = 0; k < 2000000; ++k) {
    expect_equal_bits(random_decimal(random));
    if (HasFatalFailure()) return;
  }
}

// Numbers as programs write them: the shortest text of a double, and fixed and scientific notation.
TEST(Decimal, ReadsBackWhatIsWritten) {
  std::mt19937_64 random(2);
  for (int k = 0; k < 500000; ++k) {
    const double any = std::bit_cast<double>(random());
    if (std::isnormal(any)) expect_equal_bits(fmt::format("{}", any));
    const double common = std::ldexp(static_cast<double>(static_cast<std::int64_t>(random())), -58);
    expect_equal_bits(fmt::format("{}", common));
    expect_equal_bits(fmt::format("{:.{}f}", common, k % 12));
    expect_equal_bits(fmt::format("{:.{}e}", common, k % 20));
    if (HasFatalFailure()) return;
  }
}

TEST(Decimal, EdgesOfTheExactRange) {
  for (const char* text : {"0",
                           "-0",
                           "0.0",
                           "00000000000000000000001",
                           "9007199254740992",
                           "9007199254740993",
                           "9007199254740994",
                           "1e22",
                           "1e23",
                           "1e-22",
                           "1e-23",
                           "9007199254740992e22",
                           "9007199254740993e22",
                           "9007199254740992e-22",
                           "0e99",
                           "18446744073709551615",
                           "18446744073709551616",
                           "99999999999999999999",
                           "1.7976931348623157e308",
                           "2.2250738585072014e-308",
                           "4.9e-324",
                           "5.",
                           ".5",
                           "12345678",
                           "123456789",
                           "1234567.8",
                           "0.12345678901234567890",
                           "1e0000000000000000000001"}) {
    expect_equal_bits(text);
  }
}

TEST(Decimal, EndsWhereTheNumberEnds) {
  const auto length = [](const std::string& text) {
    const std::string padded = text + std::string(kDecimalLookahead, '\n');
    double number = 0;
    const char* const end = parse_decimal(padded.data(), number);
    return end == nullptr ? -1 : static_cast<int>(end - padded.data());
  };
  EXPECT_EQ(length("1,2"), 1);
  EXPECT_EQ(length("-1.5 "), 4);
  EXPECT_EQ(length("1.2.3"), 3);
  EXPECT_EQ(length("0x10"), 1);
  EXPECT_EQ(length("1e5\t"), 3);
  EXPECT_EQ(length("12345678\x39\xb0"), 9) << "a byte whose carry reaches the next";
  EXPECT_EQ(length("1\xff\x8a\x30"), 1);
  for (const char* text : {"", "-", ".", "-.", "+1", "--1", "e5", "1e", "1e+", "1e-x", "nan", "inf", "-inf", "1e999",
                           "1e99999999999999999999999", "\"1\"", " 1"}) {
    EXPECT_EQ(length(text), -1) << text;
  }
}

}  // namespace
}  // namespace hillock

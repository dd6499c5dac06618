// Compares the walker's fast paths with the plain one on random texts with all kinds of damage.
#include "data/cells.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "data/data_testing.h"

namespace hillock {
namespace {

constexpr char kDelimiter = ',';

// Mostly numbers and delimiters, with anything else that a table may hold in between.
std::string random_text(std::mt19937_64& random) {
  static constexpr std::array<std::string_view, 28> kPieces = {"1",       "-2.5",     "0.123456789012345678",
                                                               "3e5",     "12345678", "+4",
                                                               " ",       "\t",       "1 2",
                                                               "",        "x",        "\"7\"",
                                                               "\"a,b\"", "\"a\nb\"", "?",
                                                               "nan",     "1e400",    "-0",
                                                               "1e39",    "\"\"",     "\"\"\"q\"",
                                                               "5\"",     "\r\n",     "\r",
                                                               "\n\n",    "  \n",     "-",
                                                               "0x1"};
  const std::size_t kinds = random() % 3 == 0 ? kPieces.size() : 5;  // every third text or so has numbers only
  std::string text;
  const auto rows = random() % 8;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto cells = random() % 4 == 0 ? random() % 40 : 3;
    for (std::size_t cell = 0; cell <= cells; ++cell) {
      if (cell > 0) text += kDelimiter;
      text += kPieces[random() % kinds];
    }
    if (row + 1 < rows || random() % 2 == 0) text += random() % 4 == 0 ? "\r\n" : "\n";
  }
  return text;
}

// All rows that next() returns, and the Error that ended the walk, if any.
struct Rows {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::int64_t> lines;
  std::string error;
};

Rows walk(const std::string& text) {
  Rows rows;
  RowWalker walker(text, kDelimiter, "t");
  std::vector<std::string_view> cells;
  rows.error = error_of([&] {
    while (walker.next(cells)) {
      rows.cells.emplace_back(cells.begin(), cells.end());
      rows.lines.push_back(walker.line());
    }
  });
  return rows;
}

void expect_same_by_skipping(const std::string& text, const Rows& rows) {
  RowWalker walker(text, kDelimiter, "t");
  std::size_t row = 0;
  const std::string error = error_of([&] {
    for (std::size_t count = 0; walker.skip(count); ++row) {
      ASSERT_LT(row, rows.cells.size()) << text;
      EXPECT_EQ(count, rows.cells[row].size()) << text;
      EXPECT_EQ(walker.line(), rows.lines[row]) << text;
    }
  });
  EXPECT_EQ(error, rows.error) << text;
  EXPECT_EQ(row, rows.cells.size()) << text;
}

// Returns the number of rows that were read as numbers.
template <class T>
int expect_same_as_numbers(const std::string& text, const Rows& rows, std::int32_t kind_of_last) {
  RowWalker walker(text, kDelimiter, "t");
  int as_numbers = 0;
  for (std::size_t row = 0; row < rows.cells.size(); ++row) {
    const std::vector<std::string>& expected = rows.cells[row];
    std::vector<std::int32_t> places(expected.size());
    for (std::size_t c = 0; c < places.size(); ++c) places[c] = static_cast<std::int32_t>(places.size() - 1 - c);
    if (kind_of_last < 0) places.back() = kind_of_last;
    std::vector<T> out(expected.size());
    std::array<std::string_view, 1> kept;
    if (!walker.next_numbers<T>(places, out.data(), kept)) {
      std::vector<std::string_view> cells;
      EXPECT_TRUE(walker.next(cells)) << text;
      EXPECT_EQ(std::vector<std::string>(cells.begin(), cells.end()), expected) << text;
      continue;
    }
    ++as_numbers;
    EXPECT_EQ(walker.line(), rows.lines[row]) << text;
    for (std::size_t c = 0; c < places.size(); ++c) {
      if (places[c] == RowWalker::kept_cell(0)) {
        EXPECT_EQ(kept[0], expected[c]) << text;
      }
      if (places[c] < 0) continue;
      const CellValue value = parse_cell(expected[c]);
      EXPECT_EQ(value.kind, CellKind::number) << text;
      const T number = out[static_cast<std::size_t>(places[c])];
      EXPECT_TRUE(std::isfinite(number)) << text;
      EXPECT_EQ(number, static_cast<T>(value.number)) << text;
      EXPECT_EQ(std::signbit(number), std::signbit(value.number)) << text;
    }
  }
  return as_numbers;
}

TEST(RowWalker, QuickWaysAgreeWithThePlainOne) {
  std::mt19937_64 random(1);
  int as_numbers = 0;
  for (int k = 0; k < 30000 && !testing::Test::HasFailure(); ++k) {
    const std::string text = random_text(random);
    const Rows rows = walk(text);
    expect_same_by_skipping(text, rows);
    as_numbers += expect_same_as_numbers<float>(text, rows, 0);
    as_numbers += expect_same_as_numbers<double>(text, rows, RowWalker::kept_cell(0));
    as_numbers += expect_same_as_numbers<double>(text, rows, RowWalker::kIgnoredCell);
  }
  EXPECT_GT(as_numbers, 10000) << "the quick way was hardly taken";
}

// next_numbers stays before a row whose number of cells differs from that of places.
TEST(RowWalker, NumbersNeedTheirNumberOfCells) {
  const std::string text = "1,2,3\n4,5,6\nand some text at the end";
  RowWalker walker(text, ',', "t");
  std::array<float, 4> out{};
  std::array<std::string_view, 1> kept;
  for (const std::size_t count : {1u, 2u, 4u}) {
    const std::vector<std::int32_t> places = {0, 1, 2, 3};
    EXPECT_FALSE(walker.next_numbers<float>(std::span(places).first(count), out.data(), kept)) << count;
  }
  const std::vector<std::int32_t> places = {0, 1, 2};
  EXPECT_TRUE(walker.next_numbers<float>(places, out.data(), kept));
  EXPECT_TRUE(walker.next_numbers<float>(places, out.data(), kept));
  EXPECT_FALSE(walker.next_numbers<float>(places, out.data(), kept));
  EXPECT_EQ(out[2], 6);
  EXPECT_EQ(walker.line(), 2);
}

}  // namespace
}  // namespace hillock

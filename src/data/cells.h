// Splits delimited text (RFC 4180 and its common variations) into rows and cells.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/cell_value.h"

namespace hillock {

// Walks over the rows of a text in place. Cells are views into the text, or into the walker if doubled quotes had to be
// resolved; they live as long as both. The walker drops spaces around cells, blank lines and lines that begin with
// `comment` (unless it is empty). Inside quotes a row may span several lines. If the delimiter is a space, consecutive
// spaces count as one.
class RowWalker {
 public:
  RowWalker(std::string_view text, char delimiter, std::string_view where, std::string_view comment = {});

  // Reads the next row into `cells`; returns false at the end of the text. Throws Error for a quote that is not closed,
  // or that is closed before the cell ends.
  bool next(std::vector<std::string_view>& cells);
  // Skips the next row and stores its number of cells. Returns false and throws Error as next() does.
  bool skip(std::size_t& cell_count);
  // A fast path: reads the next row if it has `places.size()` unquoted cells on one line and plain finite numbers where
  // numbers are wanted. Cell c is stored in out[places[c]] as a number, in kept[k] as text if places[c] is
  // kept_cell(k), or nowhere if it is kIgnoredCell. Otherwise, and at the end of the text, returns false and stays
  // before the row; `out` and `kept` may have been written to. T is float or double. Raises lost[places[c]] to the
  // rounding error of the number in T where that is larger.
  template <class T>
  bool next_numbers(std::span<const std::int32_t> places, T* out, std::span<std::string_view> kept,
                    double* lost = nullptr);
  static constexpr std::int32_t kept_cell(std::size_t index) { return -2 - static_cast<std::int32_t>(index); }
  static constexpr std::int32_t kIgnoredCell = -1;

  // The line on which the last row begins, counted from 1.
  std::int64_t line() const { return row_line_; }
  // Where the next row begins, or the blank lines before it.
  const char* position() const { return at_; }
  // Frees the cells in which quotes were resolved.
  void forget_cells() { unquoted_.clear(); }

 private:
  bool skip_cells(std::size_t& cell_count);
  void skip_blank_lines();
  bool at_comment() const;
  void skip_spaces();
  void end_line();
  bool at_line_end() const { return *at_ == '\n' || *at_ == '\r'; }
  bool is_space(char c) const { return c == ' ' || (c == '\t' && delimiter_ != '\t'); }
  std::string_view trimmed(const char* begin, const char* end) const;
  std::string_view plain_cell();
  std::string_view quoted_cell();

  const char* at_;
  const char* end_;
  // a row that begins before this can be read to its end without checking for the end of the text
  const char* lines_end_;
  char delimiter_;
  std::string_view where_;
  std::string_view comment_;
  std::int64_t line_ = 1;      // the line of at_
  std::int64_t row_line_ = 0;  // the line on which the last row begins
  std::deque<std::string> unquoted_;
  std::vector<std::string_view> skipped_;
};

// Detects the delimiter: the one of , ; tab | that splits the largest number of the first lines into equally many
// cells; ties go to the one with more cells. Never the decimal mark. If none of these occurs and blanks split all of
// the first lines alike, it is a space.
char sniff_delimiter(std::string_view text, char decimal = '.');

}  // namespace hillock

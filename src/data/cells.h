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

// How the rows of a text are written.
struct RowFormat {
  char delimiter = ',';
  char quote = '"';                // 0 if nothing is quoted
  bool backslash_escapes = false;  // in a quoted cell a backslash escapes a quote or a backslash
  std::string_view comment{};      // lines that begin with it are not rows, unless it is empty
  std::int64_t first_line = 1;     // the number of the text's first line
  bool empty_rows = false;         // whether a line of nothing but delimiters is a row
};

// Walks over the rows of a text in place. Cells are views into the text, or into the walker if escaped quotes had to be
// resolved; they live as long as both. The walker drops spaces around cells and blank lines. Inside quotes a row may
// span several lines. If the delimiter is a space, consecutive spaces count as one.
class RowWalker {
 public:
  RowWalker(std::string_view text, const RowFormat& format, std::string_view where);
  RowWalker(std::string_view text, char delimiter, std::string_view where)
      : RowWalker(text, RowFormat{.delimiter = delimiter}, where) {}

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
  // The number of rows of nothing but delimiters that were skipped.
  std::int64_t empty_rows_skipped() const { return empty_rows_skipped_; }
  // Where the next row begins, or the blank lines before it.
  const char* position() const { return at_; }
  // From here on a blank line is a row of one empty cell.
  void take_blank_lines() { blank_lines_ = true; }
  // Frees the cells in which quotes were resolved.
  void forget_cells() { unquoted_.clear(); }

 private:
  bool skip_cells(std::size_t& cell_count);
  void skip_blank_lines();
  bool at_comment() const;
  bool skip_delimiters();
  void skip_spaces();
  void end_line();
  bool at_line_end() const { return *at_ == '\n' || *at_ == '\r'; }
  bool is_space(char c) const { return c == ' ' || (c == '\t' && delimiter_ != '\t'); }
  std::string_view trimmed(const char* begin, const char* end) const;
  std::string_view plain_cell();
  std::string_view quoted_cell();
  [[noreturn]] void refuse_open_quote(std::int64_t line) const;
  [[noreturn]] void refuse_text_after_quote(bool escaped) const;

  const char* at_;
  const char* end_;
  // a row that begins before this can be read to its end without checking for the end of the text
  const char* lines_end_;
  RowFormat format_;
  char delimiter_, quote_;
  std::string_view where_;
  std::int64_t line_;          // the line of at_
  std::int64_t row_line_ = 0;  // the line on which the last row begins
  std::int64_t empty_rows_skipped_ = 0;
  bool blank_lines_ = false;  // whether a blank line is a row
  std::deque<std::string> unquoted_;
  std::vector<std::string_view> skipped_;
};

}  // namespace hillock

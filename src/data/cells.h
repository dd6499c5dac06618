// Rows and cells of delimited text (RFC 4180 and what is found in the wild), and what a cell means.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace hillock {

// Walks the rows of a text in place. Cells are views into the text, or into the walker where quotes had to be undone,
// and live as long as both. Spaces around cells and blank lines are dropped; a row may span lines inside quotes.
class RowWalker {
 public:
  RowWalker(std::string_view text, char delimiter, std::string_view where);

  // Fills `cells` with the next row; false at the end. Throws Error for a quote that is not closed, or closed before
  // the cell's end.
  bool next(std::vector<std::string_view>& cells);
  // The line, counted from 1, on which the last row begins.
  std::int64_t line() const { return row_line_; }

 private:
  void skip_blank_lines();
  void skip_spaces();
  void end_line();
  bool at_line_end() const { return *at_ == '\n' || *at_ == '\r'; }
  bool is_space(char c) const { return c == ' ' || (c == '\t' && delimiter_ != '\t'); }
  std::string_view trimmed(const char* begin, const char* end) const;
  std::string_view plain_cell();
  std::string_view quoted_cell();

  const char* at_;
  const char* end_;
  char delimiter_;
  std::string_view where_;
  std::int64_t line_ = 1;      // of at_
  std::int64_t row_line_ = 0;  // of the last row's beginning
  std::deque<std::string> unquoted_;
};

// The one of , ; tab | that splits most of the first lines into equally many cells, the more cells the better.
char sniff_delimiter(std::string_view text);

enum class CellKind : std::uint8_t { number, infinite, missing, text };

struct CellValue {
  CellKind kind = CellKind::missing;
  double number = 0;
};

// Decimal notation with an optional sign and exponent is a number; "inf" and numbers beyond f64 are infinite; missing
// are, in any case: empty ? NA N/A NaN null -.
CellValue parse_cell(std::string_view cell);

}  // namespace hillock

// Rows and cells of delimited text (RFC 4180 and what is found in the wild), and what a cell means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hillock {

// Walks the rows of a text in place. Cells are views into the text, or into the walker where quotes had to be undone,
// and live as long as both. Spaces around cells, blank lines and lines that begin with `comment` (if it is not empty)
// are dropped; a row may span lines inside quotes. Where the delimiter is a space, several in a row are one.
class RowWalker {
 public:
  RowWalker(std::string_view text, char delimiter, std::string_view where, std::string_view comment = {});

  // Fills `cells` with the next row; false at the end. Throws Error for a quote that is not closed, or closed before
  // the cell's end.
  bool next(std::vector<std::string_view>& cells);
  // Passes over the next row and gives its number of cells; the same end and Errors as next().
  bool skip(std::size_t& cell_count);
  // Reads the next row if it has `places.size()` unquoted cells on one line, and plain finite numbers where asked: cell
  // c goes to out[places[c]], or its text to kept[k] (places[c] = kept_cell(k)), or nowhere (kIgnoredCell). Otherwise
  // returns false and stays before the row, as it does at the end; `out` and `kept` may have been written to. T is
  // float or double. Where lost[places[c]] is less than what rounding to T takes from the number, it becomes that.
  template <class T>
  bool next_numbers(std::span<const std::int32_t> places, T* out, std::span<std::string_view> kept,
                    double* lost = nullptr);
  static constexpr std::int32_t kept_cell(std::size_t index) { return -2 - static_cast<std::int32_t>(index); }
  static constexpr std::int32_t kIgnoredCell = -1;

  // The line, counted from 1, on which the last row begins.
  std::int64_t line() const { return row_line_; }
  // Where the next row begins, or blank lines before it.
  const char* position() const { return at_; }
  // Lets go of the cells in which quotes were undone.
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
  const char* lines_end_;  // a row that begins before it can be read to its end without looking for the text's
  char delimiter_;
  std::string_view where_;
  std::string_view comment_;
  std::int64_t line_ = 1;      // of at_
  std::int64_t row_line_ = 0;  // of the last row's beginning
  std::deque<std::string> unquoted_;
  std::vector<std::string_view> skipped_;
};

// The one of , ; tab | that splits most of the first lines into equally many cells, the more cells the better. Not the
// decimal mark. A space where none of these occurs and blanks split all of the first lines alike.
char sniff_delimiter(std::string_view text, char decimal = '.');

enum class CellKind : std::uint8_t { number, infinite, missing, text };

struct CellValue {
  CellKind kind = CellKind::missing;
  double number = 0;
};

// How cells are read.
struct CellRules {
  char decimal = '.';  // or ','
  // What counts as missing beside an empty cell: in lower case, matched in any case.
  std::vector<std::string> missing{"?", "na", "n/a", "nan", "null", "-"};

  // Whether decimal notation with a point is always a number, as next_numbers takes it.
  bool plain() const;
};
const CellRules& default_rules();

// Decimal notation with an optional sign and exponent is a number; "inf" and numbers beyond f64 are infinite.
CellValue parse_cell(std::string_view cell, const CellRules& rules = default_rules());

}  // namespace hillock

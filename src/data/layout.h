// How a table's text is laid out: delimiter, lines before the table, header and column names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/cells.h"
#include "hillock/data.h"

namespace hillock {

struct Layout {
  std::string_view text;   // without a byte order mark and without the lines that options skip
  std::string_view where;  // the text's path, for messages
  char delimiter = ',';
  char quote = '"';
  bool backslash_escapes = false;
  std::string comment;
  std::int64_t first_line = 1;  // the number of the text's first line
  CellRules rules;
  std::size_t cells_a_row = 0;
  std::size_t empty_cells = 0;  // how many of these, at the end of every row, are empty and belong to no column
  int leading_lines = 0;        // lines before the table, such as a title
  bool header = false;
  bool names_rows = false;  // the header has no name for the first column, which holds the names of the rows
  bool empty_rows = false;  // whether a line of nothing but delimiters is a row
  std::vector<std::string> names;

  RowFormat format() const;
  // A walker before the header, or before the first row if there is no header.
  RowWalker at_table() const;
  RowWalker at_first_row() const;
};

// Detects what the options leave open. `text` is UTF-8; `text` and `where` must outlive the layout. Throws Error if the
// text holds no table. Skipped lines are reported in `notes`. If several columns are called "a", their names become
// "a#1", "a#2", ….
Layout find_layout(std::string_view text, std::string_view where, const ReadOptions& options,
                   std::vector<std::string>& notes);

// Throws Error unless the row has cells_a_row cells.
void require_cells(const Layout& layout, std::size_t cell_count, std::int64_t line);

}  // namespace hillock

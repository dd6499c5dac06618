// How a table's text is laid out: delimiter, lines before the table, header, names.
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
  std::string_view text;
  std::string_view where;  // the text's path in messages
  char delimiter = ',';
  std::string comment;
  CellRules rules;
  std::size_t cells_a_row = 0;
  int leading_lines = 0;  // before the table: a title, a remark
  bool header = false;
  bool names_rows = false;  // the header says nothing about the first column, which names the rows
  std::vector<std::string> names;

  // Before the header, or the first row where there is none.
  RowWalker at_table() const;
  RowWalker at_first_row() const;
};

// Which cells count as missing, and how numbers are written.
CellRules rules_of(const ReadOptions& options);

// Finds out what the options leave open. `text` is UTF-8 and outlives the layout; `where` too. Throws Error if the text
// holds no table or two columns have one name. Lines left out are told in `notes`.
Layout find_layout(std::string_view text, std::string_view where, const ReadOptions& options,
                   std::vector<std::string>& notes);

// Throws Error for a row that has not cells_a_row cells.
void require_cells(const Layout& layout, std::size_t cell_count, std::int64_t line);

}  // namespace hillock

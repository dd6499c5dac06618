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
  std::string_view text;
  std::string_view where;  // the text's path, for messages
  char delimiter = ',';
  std::string comment;
  CellRules rules;
  std::size_t cells_a_row = 0;
  int leading_lines = 0;  // lines before the table, such as a title
  bool header = false;
  bool names_rows = false;  // the header has no name for the first column, which holds the names of the rows
  std::vector<std::string> names;

  // A walker before the header, or before the first row if there is no header.
  RowWalker at_table() const;
  RowWalker at_first_row() const;
};

// Finds out what the options leave open. `text` is UTF-8 and outlives the layout; `where` too. Throws Error if the text
// holds no table or two columns have one name. Lines left out are told in `notes`.
Layout find_layout(std::string_view text, std::string_view where, const ReadOptions& options,
                   std::vector<std::string>& notes);

// Throws Error unless the row has cells_a_row cells.
void require_cells(const Layout& layout, std::size_t cell_count, std::int64_t line);

}  // namespace hillock

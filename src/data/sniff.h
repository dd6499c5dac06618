// How a table's text is written, found out from its first lines: delimiter, quotes, decimal mark.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/cells.h"
#include "hillock/data.h"

namespace hillock {

struct Writing {
  char delimiter = ',';
  char decimal = '.';
  char quote = '"';  // 0: none
  bool backslash_escapes = false;
};

// What the options leave open: `text` has no byte order mark and no line that says what separates cells. Decisions that
// a user may want to overrule are added to `notes`.
//
// The delimiter is the one of tab ; | , that splits most of the first lines into equally many cells. Where several do,
// it is the one that makes every cell below the first line a number, else tab, else the one that makes more cells. A
// space where none of these occurs and blanks split all of the first lines alike. Decimal commas are found together
// with the delimiter, where all cells are numbers by them and no text names the columns.
Writing sniff_writing(std::string_view text, std::string_view where, const ReadOptions& options, const CellRules& rules,
                      std::vector<std::string>& notes);

}  // namespace hillock

// What surrounds a table in its text: marks, lines that options leave out, rows of nothing but delimiters, a footer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/layout.h"
#include "hillock/data.h"

namespace hillock {

struct InnerText {
  std::string_view text;
  std::int64_t first_line = 1;         // its number
  std::optional<char> delimiter = {};  // that a line "sep=;" before the table gives
};

// Without a byte order mark, options.skip lines at the top, a line "sep=;", options.skip_end lines at the end, and an
// end-of-file mark (^Z). Throws Error where nothing is left of a text that was not empty.
InnerText cut_margins(std::string_view text, std::string_view where, const ReadOptions& options,
                      std::vector<std::string>& notes);

// Cuts rows of nothing but delimiters off the end of layout.text; told in `notes`.
void cut_empty_rows(Layout& layout, std::vector<std::string>& notes);

// Throws Error if the last line looks like a footer ("Total,,350"), which options.skip_end would decide.
void refuse_footer(const Layout& layout, const ReadOptions& options);

// How many lines of `text` are not blank.
std::int64_t count_lines(std::string_view text);

}  // namespace hillock

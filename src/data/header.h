// Whether a table's first row names the columns, and how they are called.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/layout.h"
#include "hillock/data.h"

namespace hillock {

// Whether the row holds a name that the options ask for.
bool holds_wanted_name(const std::vector<std::string_view>& row, const Layout& layout, const ReadOptions& options);

// Whether the first row names the columns: some cell of it is text where the rows below have nothing but numbers; or
// everything is text, and values come again, but never those of the first row; or its numbers number the columns, or
// are years, and those of the rows below do not.
bool sniff_header(const Layout& layout, const ReadOptions& options);

// The names, those of several columns with a number behind them. Decisions are told in `notes`. Throws Error if the
// header has not a cell for each column.
std::vector<std::string> read_names(const Layout& layout, std::vector<std::string>& notes);

// Tells of a header that looks like data.
void note_odd_names(const Layout& layout, std::vector<std::string>& notes);

}  // namespace hillock

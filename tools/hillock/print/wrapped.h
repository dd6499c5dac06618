// Breaks the lines of help at the width of the terminal.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace hillock::program {

// Breaks lines that need more than `columns` between words. Continuation lines are indented like the line's second
// column, if two blanks or more begin one.
std::string wrapped(std::string_view text, std::size_t columns);

// The width for help on `stream`: that in the environment variable COLUMNS, or the terminal's, limited to 50 to 120
// columns. Unlimited if the stream is not a terminal.
std::size_t help_columns(std::FILE* stream);

}  // namespace hillock::program

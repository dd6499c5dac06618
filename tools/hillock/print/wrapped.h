// Lines as wide as the terminal, for help.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace hillock::program {

// Breaks lines that take more than `columns`, between words. What follows is indented as the second column of the line
// is, where two blanks or more begin one.
std::string wrapped(std::string_view text, std::size_t columns);

// What a line of help may take on `stream`: what the environment variable COLUMNS says, or the terminal's width, from
// 50 to 120 columns; elsewhere as many as there are.
std::size_t help_columns(std::FILE* stream);

}  // namespace hillock::program

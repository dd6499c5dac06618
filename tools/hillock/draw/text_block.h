// Blocks of text for a terminal, with or without colors, which can be placed side by side.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hillock::program {

using TextBlock = std::vector<std::string>;

TextBlock lines_of(std::string_view text);
// The number of columns that a line takes; color codes take none.
std::size_t visible_width(std::string_view line);
// Places `right` at column `at`, which no line of `left` may reach.
TextBlock beside(const TextBlock& left, const TextBlock& right, std::size_t at);
// `text` in the colors of a code such as "1;38;5;16;48;5;110".
std::string painted(std::string_view text, std::string_view code);

}  // namespace hillock::program

// How much room text takes in a terminal, for tables with names in any script.
//
// Counts code points: two columns for East Asian wide and full-width characters, none for combining marks, one for all
// others (Unicode 14, core/character_widths.h). What a terminal draws for sequences of emoji differs from one to the
// next and is not looked at. A byte that is not UTF-8 takes one column.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hillock {

std::size_t display_width(std::string_view text);

// The longest beginning of whole characters, with their combining marks, that takes at most so many columns.
std::string_view fitting(std::string_view text, std::size_t columns);

// On one line and in at most so many columns (one at least): control characters become "?", what is cut off "~".
std::string shortened(std::string_view text, std::size_t columns);

// `text` with spaces after it, or before it, to take at least so many columns; never cut.
std::string left_aligned(std::string_view text, std::size_t columns);
std::string right_aligned(std::string_view text, std::size_t columns);

}  // namespace hillock

// Text on a terminal: how much room it takes, for tables with names in any script, and what may be shown there.
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

// Text from a file, an argument or the data, as it may be shown on a terminal: on one line, and without power over it.
// Control characters (escapes among them), line and paragraph separators, marks that change the direction of text, and
// bytes that are not UTF-8 become "?". Everything else stays as it is.
std::string printable(std::string_view text);

// A JSON text that means the same and is as harmless: such characters, which it has in strings alone, stand in it as
// escapes (\u009b); bytes that are not UTF-8 as \ufffd.
std::string printable_json(std::string_view json);

// printable() in at most so many columns (one at least); what is cut off becomes "~".
std::string shortened(std::string_view text, std::size_t columns);

// `text` with spaces after it, or before it, to take at least so many columns; never cut.
std::string left_aligned(std::string_view text, std::size_t columns);
std::string right_aligned(std::string_view text, std::size_t columns);

}  // namespace hillock

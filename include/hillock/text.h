// Text for people: names and cells in messages, how much room text takes in a terminal, and what may be shown there.
//
// Widths count code points: two columns for East Asian wide and full-width characters, none for combining marks, one
// for all others (Unicode 14). What a terminal draws for sequences of emoji differs from one to the next and is not
// looked at. A byte that is not UTF-8 takes one column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hillock {

// In double quotes, printable() and cut to 40 columns of a terminal.
std::string quote(std::string_view text);

// "a, b, c", the first ten and "… (30 in all)".
std::string list_names(std::span<const std::string> names);

// "1 cell", "3 cells".
std::string counted(std::int64_t count, std::string_view noun);

// The candidate at the smallest edit distance from `name` (case counts half a letter less than another letter), if that
// is at most half of the name's length.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates);

// Columns of a terminal.
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

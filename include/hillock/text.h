// Text for people: names and cells in messages, the width of text in a terminal, and text that is safe to print there.
//
// Widths are measured in columns, per code point (Unicode 14): two for East Asian wide and full-width characters, none
// for combining marks, one for all others. Emoji sequences, which terminals draw differently, are not treated
// specially. A byte that is not UTF-8 takes one column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hillock {

// `text` in double quotes, made printable() and shortened to 40 columns.
std::string quote(std::string_view text);

// "a, b, c"; after ten names "… (30 in all)".
std::string list_names(std::span<const std::string> names);

// The text as one word of a POSIX shell: in single quotes unless it is plain. Nothing is cut or replaced.
std::string shell_word(std::string_view text);

// "1 cell", "3 cells".
std::string counted(std::int64_t count, std::string_view noun);

// The candidate with the smallest edit distance from `name`, if the distance is at most half the length of the name. A
// difference in case counts half as much as another letter.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates);

// The number of terminal columns that `text` takes.
std::size_t display_width(std::string_view text);

// The longest prefix of whole characters, with their combining marks, that takes at most `columns` columns.
std::string_view prefix_of_width(std::string_view text, std::size_t columns);

// Text from a file, an argument or the data, made safe to print in a terminal: on one line and without control
// sequences. Control characters (including escapes), line and paragraph separators, marks that change the direction of
// text, and bytes that are not UTF-8 become "?". Everything else is unchanged.
std::string printable(std::string_view text);

// A JSON text with the same meaning that is safe in the same way. Such characters, which occur only in strings, become
// escapes (\u009b); bytes that are not UTF-8 become \ufffd.
std::string printable_json(std::string_view json);

// printable(text) in at most `columns` columns (at least one); "~" stands for what is cut off.
std::string shortened(std::string_view text, std::size_t columns);

// `text` padded with spaces on the right, or on the left, to at least `columns` columns; never cut.
std::string left_aligned(std::string_view text, std::size_t columns);
std::string right_aligned(std::string_view text, std::size_t columns);

}  // namespace hillock

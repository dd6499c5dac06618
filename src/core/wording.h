// What error messages are made of: quoted cells, lists of names, the name that was probably meant.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hillock {

// In double quotes, printable (core/display_width.h), cut to 40 columns of a terminal.
std::string quote(std::string_view text);

// "a, b, c", the first ten and "… (30 in all)".
std::string list_names(std::span<const std::string> names);

// "1 cell", "3 cells".
std::string counted(std::int64_t count, std::string_view noun);

// The candidate at the smallest edit distance from `name` (case counts half a letter less than another letter), if that
// is at most half of the name's length.
std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates);

}  // namespace hillock

// Decodes UTF-8 and looks characters up in the table of widths.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/character_widths.h"
#include "hillock/text.h"

namespace hillock {
namespace {

constexpr char32_t kNotUtf8 = 0xFFFD;

struct Character {
  char32_t code;
  std::size_t bytes;
};

// The first character of `text`, which must not be empty. A byte that does not begin a character is returned as a
// character of its own.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (bytes == 1) return {lead, 1};
  if (bytes == 0 || text.size() < bytes) return {kNotUtf8, 1};
  char32_t code = lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {kNotUtf8, 1};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  const bool too_long = code < (bytes == 2 ? 0x80u : bytes == 3 ? 0x800u : 0x10000u);
  if (too_long || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {kNotUtf8, 1};
  return {code, bytes};
}

bool is_invalid(const Character& character) { return character.code == kNotUtf8 && character.bytes == 1; }

// Whether the character is a control character (C0, DEL, C1), an escape or a line end, or changes the direction of the
// text around it (UAX #9).
bool steers_a_terminal(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C || code == 0x200E || code == 0x200F ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x206F);
}

bool is_in(char32_t code, std::span<const CodePoints> ranges) {
  const auto after = std::ranges::upper_bound(ranges, code, {}, &CodePoints::first);
  return after != ranges.begin() && code <= (after - 1)->last;
}

std::size_t width_of(char32_t code) {
  if (code < 0x300) return 1;  // Latin, with accents: the usual case
  if (is_in(code, kTwoColumns)) return 2;
  return is_in(code, kNoColumn) ? 0 : 1;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    columns += width_of(character.code);
    text.remove_prefix(character.bytes);
  }
  return columns;
}

std::string_view prefix_of_width(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  while (end < text.size()) {
    const Character character = first_character(text.substr(end));
    const std::size_t width = width_of(character.code);
    if (width > columns) break;
    columns -= width;
    end += character.bytes;
  }
  return text.substr(0, end);
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const Character character = first_character(text);
    if (is_invalid(character) || steers_a_terminal(character.code)) {
      shown += '?';
    } else {
      shown += text.substr(0, character.bytes);
    }
    text.remove_prefix(character.bytes);
  }
  return shown;
}

std::string printable_json(std::string_view json) {
  std::string shown;
  while (!json.empty()) {
    const Character character = first_character(json);
    if (json.front() != '\n' && (is_invalid(character) || steers_a_terminal(character.code))) {
      shown += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(character.code));
    } else {
      shown += json.substr(0, character.bytes);
    }
    json.remove_prefix(character.bytes);
  }
  return shown;
}

std::string shortened(std::string_view text, std::size_t columns) {
  const std::string shown = printable(text);
  if (prefix_of_width(shown, columns).size() == shown.size()) return shown;
  return std::string(prefix_of_width(shown, columns - 1)) + "~";
}

std::string left_aligned(std::string_view text, std::size_t columns) {
  const std::size_t width = display_width(text);
  return std::string(text) + std::string(columns > width ? columns - width : 0, ' ');
}

std::string right_aligned(std::string_view text, std::size_t columns) {
  const std::size_t width = display_width(text);
  return std::string(columns > width ? columns - width : 0, ' ') + std::string(text);
}

}  // namespace hillock

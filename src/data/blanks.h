// Unicode's blanks, which spreadsheets and web pages leave in cells beside the space and the tab.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace hillock {

// No-break, ogham, figure, thin, narrow no-break, mathematical and ideographic spaces, the zero-width space, and the
// mark of byte order.
inline constexpr std::array<std::string_view, 19> kBlanks = {
    "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
    "\u2008", "\u2009", "\u200A", "\u200B", "\u202F", "\u205F", "\u3000", "\uFEFF", "\u2060"};

// The length of the one that the text begins or ends with; 0: it does not. Of ASCII's blanks neither knows.
inline std::size_t blank_at_front(std::string_view text) {
  if (text.empty() || static_cast<unsigned char>(text.front()) < 0x80) return 0;
  for (const std::string_view blank : kBlanks) {
    if (text.starts_with(blank)) return blank.size();
  }
  return 0;
}
inline std::size_t blank_at_back(std::string_view text) {
  if (text.empty() || static_cast<unsigned char>(text.back()) < 0x80) return 0;
  for (const std::string_view blank : kBlanks) {
    if (text.ends_with(blank)) return blank.size();
  }
  return 0;
}

// Without blanks of either kind around it.
inline std::string_view without_blanks(std::string_view text) {
  const auto ascii = [](char c) { return c == ' ' || c == '\t'; };
  for (;;) {
    const std::size_t front = !text.empty() && ascii(text.front()) ? 1 : blank_at_front(text);
    text.remove_prefix(front);
    const std::size_t back = !text.empty() && ascii(text.back()) ? 1 : blank_at_back(text);
    text.remove_suffix(back);
    if (front + back == 0) return text;
  }
}

}  // namespace hillock

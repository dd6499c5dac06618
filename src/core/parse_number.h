// Parses numbers in texts that a user wrote.
#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace hillock {

// The number that the whole text is, in decimal notation and finite; nothing if it is not one.
inline std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace hillock

// Helps to word error messages.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "hillock/text.h"

namespace hillock {
namespace {

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

// Twice Levenshtein's distance: 2 for an insertion, a deletion or another letter, but 1 for the same letter in the
// other case.
std::size_t distance_in_halves(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = 2 * j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], 2 * i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0u : same_letter(a[i - 1], b[j - 1]) ? 1u : 2u;
      const std::size_t best = std::min({diagonal + change, row[j] + 2, row[j - 1] + 2});
      diagonal = std::exchange(row[j], best);
    }
  }
  return row[b.size()];
}

}  // namespace

std::string quote(std::string_view text) {
  constexpr std::size_t kLongest = 40, kMostBytes = 4096;
  // A cell may be as large as the file, so only the part that may be shown is examined.
  const std::string all = printable(text.substr(0, kMostBytes));
  const std::string_view shown = prefix_of_width(all, kLongest);
  const bool cut = shown.size() < all.size() || text.size() > kMostBytes;
  return fmt::format("\"{}{}\"", shown, cut ? "…" : "");
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+=:,@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string list_names(std::span<const std::string> names) {
  constexpr std::size_t kMost = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) {
    const std::string quoted = quote(names[i]);
    text += fmt::format("{}{}", i == 0 ? "" : ", ", std::string_view(quoted).substr(1, quoted.size() - 2));
  }
  if (names.size() > kMost) text += fmt::format(", … ({} in all)", names.size());
  return text;
}

std::string counted(std::int64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::optional<std::string> nearest_name(std::string_view name, std::span<const std::string> candidates) {
  constexpr std::size_t kLongest = 200;  // the time is proportional to the product of the lengths
  std::optional<std::string> nearest;
  std::size_t smallest = name.size() + 1;
  if (name.size() > kLongest) return nearest;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const std::size_t distance = distance_in_halves(name, candidate);
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace hillock

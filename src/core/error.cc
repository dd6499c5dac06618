// How a remedy is written in a message.
#include "hillock/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "hillock/text.h"

namespace hillock {
namespace {

// Options whose values are texts of the user's: names of columns, cells, lines of a file.
constexpr std::array<std::string_view, 11> kTakeTexts = {"--categorical", "--comment", "--drop",    "--group",
                                                         "--na",          "--na-add",  "--numeric", "--table",
                                                         "--target",      "--time",    "--weights"};

}  // namespace

std::string Remedy::text() const {
  if (values.empty()) return option;
  const bool is_text = std::ranges::find(kTakeTexts, option) != kTakeTexts.end();
  std::string text;
  for (const std::string& value : values) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", option, is_text ? quote(value) : value);
  }
  return text;
}

}  // namespace hillock

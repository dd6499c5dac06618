// How a remedy is written in a message.
#include "hillock/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "hillock/text.h"

namespace hillock {
namespace {

// Options whose values are the user's own texts: names of columns, cells, beginnings of lines.
constexpr std::array<std::string_view, 13> kTakeTexts = {
    "--allow-unseen", "--categorical", "--coerce", "--comment", "--drop", "--group",  "--na",
    "--na-add",       "--numeric",     "--table",  "--target",  "--time", "--weights"};

// In double quotes, or in single ones where a shell would find something of its own in double ones.
std::string shell_quoted(const std::string& value) {
  const std::string quoted = quote(value);
  if (value.find_first_of(R"($`"\!)") == std::string::npos) return quoted;
  return shell_word(std::string_view(quoted).substr(1, quoted.size() - 2));
}

}  // namespace

std::string Remedy::text() const {
  if (values.empty()) return option;
  const bool is_text = std::ranges::find(kTakeTexts, option) != kTakeTexts.end();
  std::string text;
  for (const std::string& value : values) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", option, is_text ? shell_quoted(value) : value);
  }
  return text;
}

}  // namespace hillock

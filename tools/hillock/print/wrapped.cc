// Decides where lines of help are broken.
#include "print/wrapped.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

#include "arguments/arguments.h"
#include "hillock/text.h"
#include "print/terminal.h"

namespace hillock::program {
namespace {

// Where the second column of a line begins, in bytes; 0 if there is none.
std::size_t second_column(std::string_view line) {
  const std::size_t first = std::min(line.find_first_not_of(' '), line.size());
  const std::size_t gap = line.find("  ", first);
  return gap == std::string_view::npos ? 0 : std::min(line.find_first_not_of(' ', gap), line.size());
}

std::string_view without_end(std::string_view line) { return line.substr(0, line.find_last_not_of(' ') + 1); }

// Adds the words of `rest` to `text`, whose last line takes `used` columns.
void fill(std::string& text, std::string_view rest, std::size_t used, std::size_t indent, std::size_t columns) {
  bool first = true;  // of its line
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    const std::size_t width = display_width(word);
    if (!first && used + 1 + width > columns) {
      text += '\n';
      text.append(indent, ' ');
      used = indent;
      first = true;
    }
    if (!first) text += ' ';
    text += word;
    used += width + (first ? 0 : 1);
    first = false;
    rest.remove_prefix(std::min(rest.find_first_not_of(' ', end), rest.size()));
  }
}

std::string wrapped_line(std::string_view line, std::size_t columns) {
  constexpr std::size_t kLeastRoom = 24;  // with less room there is no second column
  constexpr std::size_t kOfExample = 2;   // blanks before a command
  if (display_width(line) <= columns) return std::string(line);
  const std::size_t margin = line.find_first_not_of(' '), second = second_column(line);
  const std::size_t at = second > 0 ? second : margin;
  const std::size_t indent = display_width(line.substr(0, at));
  if (indent + kLeastRoom <= columns) {
    std::string text(line.substr(0, at));
    fill(text, line.substr(at), indent, second > 0 || margin != kOfExample ? indent : indent + 4, columns);
    return text;
  }
  const bool listed = second > 0 || margin > kOfExample;
  const std::size_t narrow = listed ? std::min(margin, kOfExample) + 4 : margin;
  std::string text(without_end(line.substr(0, second > 0 ? second : 0)));
  if (!text.empty()) text += '\n';
  text.append(narrow, ' ');
  fill(text, line.substr(at), narrow, narrow, columns);
  return text;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t columns) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += wrapped_line(text.substr(0, end), columns);
    if (end < text.size()) result += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::size_t help_columns(std::FILE* stream) {
  constexpr std::size_t kLeast = 50, kMost = 120;
  const char* given = std::getenv("COLUMNS");
  const std::optional<std::int64_t> columns = given == nullptr ? std::nullopt : to_integer(given);
  if (columns && *columns > 0) return std::clamp(static_cast<std::size_t>(*columns), kLeast, kMost);
  if (!is_terminal(stream)) return std::numeric_limits<std::size_t>::max();
  return std::clamp(terminal_size(stream).columns, kLeast, kMost);
}

}  // namespace hillock::program

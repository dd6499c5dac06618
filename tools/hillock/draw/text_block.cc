// Splits and joins lines.
#include "draw/text_block.h"

#include <fmt/format.h>

#include <algorithm>

#include "hillock/text.h"

namespace hillock::program {

TextBlock lines_of(std::string_view text) {
  TextBlock lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::size_t visible_width(std::string_view line) {
  std::size_t width = 0;
  while (!line.empty()) {
    const std::size_t code = std::min(line.find("\x1b["), line.size());
    width += display_width(line.substr(0, code));
    line.remove_prefix(code);
    if (!line.empty()) line.remove_prefix(std::min(line.find('m'), line.size() - 1) + 1);
  }
  return width;
}

TextBlock beside(const TextBlock& left, const TextBlock& right, std::size_t at) {
  TextBlock lines;
  for (std::size_t k = 0; k < std::max(left.size(), right.size()); ++k) {
    std::string line = k < left.size() ? left[k] : "";
    const std::size_t width = visible_width(line);
    if (k < right.size()) line += std::string(at > width ? at - width : 0, ' ') + right[k];
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string painted(std::string_view text, std::string_view code) {
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace hillock::program

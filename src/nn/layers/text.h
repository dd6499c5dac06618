// Splits the text of a network at the commas outside of parentheses.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/layer.h"

namespace hillock::nn {

struct TextPart {
  std::string where;                       // for messages: --net: part 1, "residual(dense 8)"
  std::vector<std::string_view> words;     // those before the parentheses; may be empty
  std::optional<std::string_view> inside;  // what is inside the parentheses

  [[noreturn]] void fail(const std::string& why) const;
};

// `text` must contain more than spaces. `where` begins every message. Throws Error if parentheses do not match.
std::vector<TextPart> parts_of(std::string_view text, const std::string& where);
// Throws Error, or UnknownLayer if no record recognizes the words.
LayerSpec parse_layer(const TextPart& part);
bool is_blank(std::string_view text);

}  // namespace hillock::nn

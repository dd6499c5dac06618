// The text of a network in parts: what stands between commas that are in no parentheses.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/layer.h"

namespace hillock::nn {

struct TextPart {
  std::string where;                       // --net: part 1, "residual(dense 8)"
  std::vector<std::string_view> words;     // before the parentheses; there may be none
  std::optional<std::string_view> inside;  // what the parentheses hold

  [[noreturn]] void fail(const std::string& why) const;
};

// `text` must hold more than spaces. `where` begins every error. Throws Error if parentheses do not match.
std::vector<TextPart> parts_of(std::string_view text, const std::string& where);
// Throws Error; UnknownLayer if no record recognizes the words.
LayerSpec parse_layer(const TextPart& part);
bool is_blank(std::string_view text);

}  // namespace hillock::nn

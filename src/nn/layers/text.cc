// Reads and writes the text of layers. A layer's record interprets the layer's own words.
#include "nn/layers/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock::nn {
namespace {

constexpr std::string_view kForms = "write for example \"64, 32\" or \"dense 64 relu, dropout 0.2, output sigmoid\"";
constexpr std::size_t kMaxDepth = 16;  // of parentheses; limited because a file may contain anything
constexpr std::string_view kSpaces = " \t";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpaces), text.size()));
  return text.substr(0, text.find_last_not_of(kSpaces) + 1);
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const std::size_t end = std::min(text.find_first_of(kSpaces), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

template <class T>
std::optional<T> number_from(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

[[noreturn]] void fail_at(const std::string& where, const std::string& why) {
  throw Error(fmt::format("{}: {}; {}", where, why, kForms));
}

// The end of the first item of `text`: a comma outside of parentheses, or the end.
std::size_t end_of_part(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && depth > 0) --depth;
    if (text[at] == ',' && depth == 0) return at;
  }
  return text.size();
}

// Splits "residual(dense 8)" into the words and what is inside the outermost parentheses.
TextPart part_of(std::string_view text, std::string where) {
  TextPart part{.where = std::move(where), .words = {}, .inside = {}};
  const std::size_t open = text.find('(');
  part.words = words_of(text.substr(0, open));
  if (open == std::string_view::npos) {
    if (text.find(')') != std::string_view::npos) part.fail("a parenthesis is closed that was not opened");
    return part;
  }
  std::size_t depth = 0, at = open;
  for (; at < text.size(); ++at) {
    if (text[at] == '(' && ++depth > kMaxDepth)
      part.fail(fmt::format("layers are nested more than {} deep", kMaxDepth));
    if (text[at] == ')' && --depth == 0) break;
  }
  if (at == text.size()) part.fail("a parenthesis is not closed");
  if (at + 1 < text.size()) part.fail(fmt::format("{} stands behind the parenthesis", quote(text.substr(at + 1))));
  part.inside = trimmed(text.substr(open + 1, at - open - 1));
  return part;
}

const LayerRecord* recognized(std::span<const std::string_view> words) {
  for (const LayerRecord* record : registered_layers()) {
    if (!record->has_text) continue;
    if (record->recognizes != nullptr ? record->recognizes(words) : words[0] == record->word) return record;
  }
  return nullptr;
}

// "dense, dropout, an activation, and output at the end".
std::string all_layers() {
  std::string list;
  for (const LayerRecord* record : registered_layers()) {
    if (record->has_text) list += fmt::format("{}, ", record->listed_as.empty() ? record->word : record->listed_as);
  }
  return list + "and output at the end";
}

}  // namespace

void LayerText::fail(const std::string& why) const { fail_at(where, why); }
void TextPart::fail(const std::string& why) const { fail_at(where, why); }
bool is_blank(std::string_view text) { return trimmed(text).empty(); }

void LayerText::require_at_most(std::size_t most) const {
  if (words.size() > most) fail(fmt::format("{} is one word too many", quote(words[most])));
}

std::optional<std::int64_t> LayerText::integer(std::size_t index) const {
  return number_from<std::int64_t>(words[index]);
}

std::optional<double> LayerText::real(std::size_t index) const { return number_from<double>(words[index]); }

Activation LayerText::activation(std::size_t index) const {
  try {
    return activation_from_name(words[index]);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", where, error.what()));
  }
}

std::vector<TextPart> parts_of(std::string_view text, const std::string& where) {
  std::vector<TextPart> parts;
  for (bool more = true; more;) {
    const std::size_t end = end_of_part(text);
    const std::string_view part = trimmed(text.substr(0, end));
    parts.push_back(part_of(part, fmt::format("{}: part {}, {}", where, parts.size() + 1, quote(part))));
    more = end < text.size();
    if (more) text.remove_prefix(end + 1);
  }
  return parts;
}

LayerSpec parse_layer(const TextPart& part) {
  if (part.words.empty()) part.fail(part.inside ? "a layer is missing" : "there is nothing between the commas");
  if (part.words[0] == "output") part.fail("the output layer comes last, outside of parentheses");
  const LayerRecord* record = recognized(part.words);
  if (record == nullptr) {
    throw UnknownLayer(fmt::format("{}: there is no layer {}; layers are {}; {}", part.where, quote(part.words[0]),
                                   all_layers(), kForms),
                       std::string(part.words[0]));
  }
  LayerSpec spec{.record = record, .attributes = {}, .inside = {}};
  const LayerText text{.words = part.words, .where = part.where};
  if (record->parse != nullptr) {
    spec.attributes = record->parse(text);
  } else {
    text.require_at_most(1);
  }
  if (!record->holds_layers && part.inside) part.fail(fmt::format("{} holds no other layers", record->word));
  if (!record->holds_layers) return spec;
  if (!part.inside || is_blank(*part.inside)) {
    part.fail(fmt::format("{} needs the layers that it holds, as in {}", record->word, record->example));
  }
  for (const TextPart& inner : parts_of(*part.inside, part.where)) spec.inside.push_back(parse_layer(inner));
  return spec;
}

std::vector<LayerSpec> parse_layers(std::string_view text) {
  std::vector<LayerSpec> specs;
  if (is_blank(text)) return specs;
  for (const TextPart& part : parts_of(text, "--net")) specs.push_back(parse_layer(part));
  return specs;
}

std::string to_string(const LayerSpec& spec) {
  const LayerRecord& record = *spec.record;
  const std::string words = record.print != nullptr ? record.print(spec) : std::string(record.word);
  return record.holds_layers ? fmt::format("{}({})", words, to_string(std::span<const LayerSpec>(spec.inside))) : words;
}

std::string to_string(std::span<const LayerSpec> specs) {
  std::string text;
  for (const LayerSpec& spec : specs) text += (text.empty() ? "" : ", ") + to_string(spec);
  return text;
}

}  // namespace hillock::nn

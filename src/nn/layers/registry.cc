// The layers that a network's text can name: the library's own, followed by those of register_layer.
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include "hillock/error.h"
#include "hillock/text.h"
#include "nn/layers/all.h"

namespace hillock::nn {
namespace {

struct Registry {
  std::mutex mutex;
  std::vector<const LayerRecord*> layers = library_layers();
};

// A static of a function, so that initializers in other files may register layers before main.
Registry& registry() {
  static Registry instance;
  return instance;
}

const LayerRecord* find_among(const std::vector<const LayerRecord*>& layers, std::string_view word) {
  const auto found = std::ranges::find(layers, word, &LayerRecord::word);
  return found == layers.end() ? nullptr : *found;
}

bool is_word(std::string_view text) {
  const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && small(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return small(c) || (c >= '0' && c <= '9') || c == '-'; });
}

// Whether the word already has another meaning in a network's text.
bool is_taken(const std::vector<const LayerRecord*>& layers, std::string_view word) {
  const std::vector<std::string_view> words{word};
  return word == "output" || find_among(layers, word) != nullptr ||
         std::ranges::any_of(layers, [&](const LayerRecord* layer) {
           return layer->recognizes != nullptr && layer->recognizes(words);
         });
}

// What the record lacks; empty if it is complete.
std::string_view missing_from(const LayerRecord& record) {
  if (!is_word(record.word)) return "a word of small letters, digits and hyphens that begins with a letter";
  if (record.build == nullptr) return "the layer that it describes (build)";
  if ((record.parse == nullptr) != (record.print == nullptr)) return "both parse and print, or neither";
  return {};
}

}  // namespace

std::vector<const LayerRecord*> registered_layers() {
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  return known.layers;
}

void register_layer(const LayerRecord& record) {
  if (const std::string_view missing = missing_from(record); !missing.empty()) {
    throw Error(fmt::format("register_layer: the record of {} needs {}", quote(record.word), missing));
  }
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  if (is_taken(known.layers, record.word)) {
    throw Error(fmt::format("register_layer: {} has a meaning already; choose another word", quote(record.word)));
  }
  known.layers.push_back(&record);
}

const LayerRecord* find_layer(std::string_view word) {
  Registry& known = registry();
  const std::lock_guard lock(known.mutex);
  return find_among(known.layers, word);
}

}  // namespace hillock::nn

// The text form of a network: parsing, printing, building.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "hillock/network.h"
#include "nn/named.h"

namespace hillock {
namespace {

using LayerSpec = NetworkSpec::LayerSpec;

constexpr std::string_view kForms = "write for example \"64, 32\" or \"dense 64 relu, dropout 0.2, output sigmoid\"";
constexpr std::int64_t kMaxUnits = 1 << 20;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
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

// One part between commas, and its place for messages.
struct Part {
  std::string_view text;
  std::size_t number;

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(fmt::format("--net: part {}, {}: {}; {}", number, quote(text), why, kForms));
  }
  std::int64_t units(std::string_view word) const {
    const auto units = number_from<std::int64_t>(word);
    if (!units) fail(fmt::format("{} is not a number of units", quote(word)));
    if (*units < 1 || *units > kMaxUnits) fail(fmt::format("{} units; a layer has 1 to {}", *units, kMaxUnits));
    return *units;
  }
  nn::Activation activation(std::string_view word) const {
    try {
      return nn::activation_from_name(word);
    } catch (const Error& error) {
      throw Error(fmt::format("--net: part {}, {}: {}", number, quote(text), error.what()));
    }
  }
};

LayerSpec parse_dense(const Part& part, std::span<const std::string_view> words) {
  if (words.size() < 2) part.fail("dense needs a number of units");
  if (words.size() > 3) part.fail(fmt::format("{} is one word too many", quote(words[3])));
  LayerSpec layer{.kind = LayerSpec::Kind::dense, .units = part.units(words[1]), .activation = nn::Activation::relu};
  if (words.size() == 3) layer.activation = part.activation(words[2]);
  if (layer.activation == nn::Activation::softmax) part.fail("softmax is for the output layer");
  return layer;
}

LayerSpec parse_dropout(const Part& part, std::span<const std::string_view> words) {
  if (words.size() != 2) part.fail("dropout needs one rate");
  const auto rate = number_from<double>(words[1]);
  if (!rate || !(*rate >= 0 && *rate < 1))
    part.fail(fmt::format("the rate {} must be at least 0 and below 1", quote(words[1])));
  return {.kind = LayerSpec::Kind::dropout, .rate = *rate};
}

LayerSpec parse_layer(const Part& part) {
  const std::vector<std::string_view> words = words_of(part.text);
  if (words.empty()) part.fail("there is nothing between the commas");
  if (words[0] == "dense") return parse_dense(part, words);
  if (words[0] == "dropout") return parse_dropout(part, words);
  if (number_from<std::int64_t>(words[0])) {
    if (words.size() > 1)
      part.fail(fmt::format("units and an activation are written {}", quote(fmt::format("dense {}", part.text))));
    return {.kind = LayerSpec::Kind::dense, .units = part.units(words[0]), .activation = nn::Activation::relu};
  }
  if (words.size() == 1) {
    for (const nn::NameAndSummary& known : nn::activations()) {
      if (known.name == words[0] && known.name != "softmax") {
        return {.kind = LayerSpec::Kind::activation, .activation = nn::activation_from_name(words[0])};
      }
    }
  }
  part.fail(fmt::format("there is no layer {}; layers are dense, dropout, an activation, and output at the end",
                        quote(words[0])));
}

}  // namespace

NetworkSpec NetworkSpec::parse(std::string_view text) {
  NetworkSpec spec;
  if (trimmed(text).empty()) return spec;
  std::size_t number = 0;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    const Part part{trimmed(text.substr(0, comma)), ++number};
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
    const std::vector<std::string_view> words = words_of(part.text);
    if (!words.empty() && words[0] == "output") {
      if (more) part.fail("the output layer comes last");
      if (words.size() != 2) part.fail("output needs one activation; its units follow from the target");
      spec.output = part.activation(words[1]);
    } else {
      spec.hidden.push_back(parse_layer(part));
    }
  }
  return spec;
}

std::string NetworkSpec::to_string() const {
  std::string text;
  auto append = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  for (const LayerSpec& layer : hidden) {
    switch (layer.kind) {
      case LayerSpec::Kind::dense:
        append(fmt::format("dense {} {}", layer.units, nn::name_of(layer.activation)));
        break;
      case LayerSpec::Kind::dropout: append(fmt::format("dropout {}", layer.rate)); break;
      case LayerSpec::Kind::activation: append(std::string(nn::name_of(layer.activation))); break;
    }
  }
  if (output) append(fmt::format("output {}", nn::name_of(*output)));
  return text;
}

nn::Layer build_layers(const NetworkSpec& spec, std::int64_t outputs) {
  std::vector<nn::Layer> layers;
  for (const LayerSpec& layer : spec.hidden) {
    switch (layer.kind) {
      case LayerSpec::Kind::dense: layers.push_back(nn::dense(layer.units, {.activation = layer.activation})); break;
      case LayerSpec::Kind::dropout: layers.push_back(nn::dropout(layer.rate)); break;
      case LayerSpec::Kind::activation: layers.push_back(nn::activation(layer.activation)); break;
    }
  }
  layers.push_back(nn::dense(outputs, {.name = "output"}));
  return nn::sequential(std::move(layers));
}

}  // namespace hillock

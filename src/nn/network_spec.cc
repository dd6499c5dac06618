// The text form of a network: hidden layers and the output.
#include <fmt/format.h>

#include "hillock/error.h"
#include "hillock/network.h"
#include "hillock/text.h"
#include "nn/layers/text.h"

namespace hillock {

NetworkSpec NetworkSpec::parse(std::string_view text) {
  NetworkSpec spec;
  if (nn::is_blank(text)) return spec;
  const std::vector<nn::TextPart> parts = nn::parts_of(text, "--net");
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const nn::TextPart& part = parts[k];
    if (part.words.empty() || part.words[0] != "output") {
      spec.hidden.push_back(nn::parse_layer(part));
      continue;
    }
    if (k + 1 < parts.size()) part.fail("the output layer comes last");
    if (part.words.size() != 2 || part.inside) {
      part.fail("output needs one activation; its units follow from the target");
    }
    spec.output = nn::LayerText{.words = part.words, .where = part.where}.activation(1);
  }
  return spec;
}

std::string NetworkSpec::to_string() const {
  std::string text = nn::to_string(hidden);
  if (output) text += fmt::format("{}output {}", text.empty() ? "" : ", ", nn::name_of(*output));
  return text;
}

Shape row_shape(const NetworkSpec& spec, const Shape& sample, std::int64_t inputs) {
  if (sample.rank() < 2 || nn::first_with(spec.hidden, &nn::LayerRecord::sees_images) == nullptr) return {inputs};
  return sample.rank() == 2 ? Shape{1, sample[0], sample[1]} : sample;
}

nn::Layer build_layers(const NetworkSpec& spec, std::int64_t outputs) {
  return nn::sequential({nn::build_layers(spec.hidden), nn::dense(outputs, {.name = "output"})});
}

}  // namespace hillock

// Parses --class-weights. Class names may contain commas and equal signs, so the text is matched against the known
// names instead of being split.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/parse_number.h"
#include "hillock/error.h"
#include "hillock/table.h"
#include "hillock/text.h"

namespace hillock {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// The longest class name that `text` begins with, followed by an equal sign, and the text after it.
struct Found {
  std::size_t number;
  std::string_view rest;
};

std::optional<Found> find_class(std::string_view text, const std::vector<std::string>& classes) {
  std::optional<Found> found;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (!text.starts_with(classes[i])) continue;
    const std::string_view rest = trimmed(text.substr(classes[i].size()));
    const bool longer = !found || classes[i].size() > classes[found->number].size();
    if (rest.starts_with('=') && longer) found = Found{i, rest.substr(1)};
  }
  return found;
}

[[noreturn]] void refuse_name(std::string_view text, const std::vector<std::string>& classes) {
  const std::string_view entry = text.substr(0, text.find(','));
  const auto sign = entry.rfind('=');
  if (sign == std::string_view::npos) {
    throw Error(
        fmt::format("train: --class-weights {} is not a class with its weight; write balanced, or \"{}=2,{}=1\"",
                    quote(trimmed(entry)), classes.front(), classes.back()));
  }
  throw Error(fmt::format("train: --class-weights names {}, which is no class; the classes are {}",
                          quote(trimmed(entry.substr(0, sign))), list_names(classes)));
}

void require_a_number(std::optional<double> weight, const std::string& name, std::string_view text) {
  if (weight && *weight >= 0) return;
  throw Error(fmt::format("train: --class-weights gives {} the weight {}; give a number of at least 0", quote(name),
                          quote(text)));
}

// The weight of each class, in order, if it is given one.
std::vector<std::optional<double>> read_entries(std::string_view text, const std::vector<std::string>& classes) {
  std::vector<std::optional<double>> weights(classes.size());
  for (std::string_view left = trimmed(text);; left = trimmed(left.substr(left.find(',') + 1))) {
    const std::optional<Found> found = find_class(left, classes);
    if (!found) refuse_name(left, classes);
    left = found->rest;
    const std::string_view number = trimmed(left.substr(0, left.find(',')));
    const std::optional<double> weight = parse_number(number);
    const std::string& name = classes[found->number];
    require_a_number(weight, name, number);
    if (weights[found->number]) {
      throw Error(fmt::format("train: --class-weights names {} twice; give each class one weight", quote(name)));
    }
    weights[found->number] = weight;
    if (left.find(',') == std::string_view::npos) return weights;
  }
}

}  // namespace

std::vector<double> parse_class_weights(const std::string& text, const Dataset& train) {
  if (train.task == Task::classification && train.classes.empty())
    throw Error("train: --class-weights is for classes and the rows have none; name them in Dataset::classes",
                {{"--class-weights"}});
  if (train.task != Task::classification) {
    const Remedy classes{"--task", {"classification"}};
    throw Error(fmt::format("train: --class-weights is for classes and the target {} is a number; leave it out, or "
                            "give {}",
                            quote(train.target), classes.text()),
                {{"--class-weights"}, classes});
  }
  if (text == "balanced") return balanced_class_weights(train);
  std::vector<double> weights;
  for (const std::optional<double>& weight : read_entries(text, train.classes)) weights.push_back(weight.value_or(1));
  if (std::ranges::all_of(weights, [](double weight) { return weight == 0; })) {
    throw Error("train: --class-weights gives every class the weight 0; at least one must count");
  }
  return weights;
}

}  // namespace hillock

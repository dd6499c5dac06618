// Turns --vary into arguments of `hillock train`. Each value is checked by the option that it is for.
#include "combinations.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "arguments/arguments.h"
#include "hillock/error.h"
#include "hillock/text.h"

namespace hillock::program {
namespace {

constexpr std::size_t kMostCombinations = 10'000;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split(std::string_view text, char mark) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(mark, begin), text.size());
    parts.emplace_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

// The options that can vary, as a command line of their own.
class Options {
 public:
  explicit Options(TrainArguments& to) {
    Arguments options(app_);
    describe_data(options, to);
    describe_run(options, to);
  }

  bool has(const std::string& key) const { return app_.get_option_no_throw("--" + key) != nullptr; }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const CLI::Option* option : app_.get_options()) {
      names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
    }
    std::erase(names, "help");
    return names;
  }
  void set(const std::string& key, const std::string& value) {
    std::vector<std::string> words{"--" + key + "=" + value};
    if (value.empty()) words = {value, "--" + key};  // CLI11 takes them from the back
    try {
      app_.parse(words);
    } catch (const CLI::ParseError&) {
      throw Error(fmt::format("compare: --vary {}: {} is no value of --{}; hillock help train says what it takes", key,
                              quote(value), key));
    }
  }

 private:
  CLI::App app_{"", "compare"};
};

void require_known(const std::string& key) {
  TrainArguments unused;
  const Options options(unused);
  if (options.has(key)) return;
  const std::vector<std::string> names = options.names();
  const auto meant = nearest_name(key, names);
  throw Error(fmt::format("compare: --vary {}: there is no such option of training; {}", quote(key),
                          meant ? fmt::format("did you mean {}?", *meant) : "hillock help compare lists them"));
}

void require_once(const std::vector<Variation>& variations) {
  for (std::size_t k = 0; k < variations.size(); ++k) {
    for (std::size_t other = 0; other < k; ++other) {
      if (variations[k].key != variations[other].key) continue;
      throw Error(fmt::format("compare: --vary {} stands twice; give all its values in one", variations[k].key));
    }
  }
}

}  // namespace

Variation parse_variation(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw Error(
        fmt::format("compare: --vary {} is not OPTION=VALUE,VALUE,…; give for example \"lr=0.01,0.1\"", quote(text)));
  }
  std::string_view name = trimmed(text.substr(0, equals));
  while (name.starts_with('-')) name.remove_prefix(1);
  const std::string_view list = text.substr(equals + 1);
  Variation variation{name == "init" ? "init-weights" : std::string(name),
                      split(list, list.find('|') == std::string_view::npos ? ',' : '|')};
  require_known(variation.key);
  std::vector<std::string> sorted = variation.values;
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
    throw Error(fmt::format("compare: --vary {} has {} twice; leave one out", variation.key, quote(*twice)));
  return variation;
}

std::string Combination::name(const std::vector<Variation>& variations) const {
  std::string text;
  for (std::size_t k = 0; k < variations.size(); ++k) {
    text += fmt::format("{}{}={}", k == 0 ? "" : ", ", variations[k].key, values[k]);
  }
  return text;
}

void require_not_given(const std::vector<Variation>& variations, const std::vector<std::string>& given) {
  for (const Variation& variation : variations) {
    if (std::ranges::find(given, variation.key) == given.end()) continue;
    throw Error(
        fmt::format("compare: --{0} is given and --vary {0} gives it other values; leave one out", variation.key));
  }
}

std::vector<Combination> combinations(const TrainArguments& base, const std::vector<Variation>& variations) {
  require_once(variations);
  std::vector<Combination> all{{{}, base}};
  for (const Variation& variation : variations) {
    std::vector<Combination> next;
    for (const Combination& combination : all) {
      for (const std::string& value : variation.values) {
        Combination& added = next.emplace_back(combination);
        added.values.push_back(value);
        Options(added.arguments).set(variation.key, value);
      }
    }
    if (next.size() > kMostCombinations)
      throw Error(fmt::format("compare: more than {} combinations; vary less", kMostCombinations));
    all = std::move(next);
  }
  return all;
}

}  // namespace hillock::program

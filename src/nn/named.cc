// Parses names that are followed by numbers.
#include "nn/named.h"

#include <charconv>
#include <cmath>

namespace hillock::nn {

NameAndNumbers name_and_numbers(std::string_view what, std::string_view text) {
  const auto next = [&text] {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
  };
  NameAndNumbers words{.name = next(), .numbers = {}};
  for (std::string_view word = next(); !word.empty(); word = next()) {
    double& number = words.numbers.emplace_back();
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error == std::errc{} && end == word.data() + word.size() && std::isfinite(number)) continue;
    throw Error(fmt::format("{}: after {} stands {} where a number belongs; correct it or leave it out", what,
                            quote(words.name), quote(word)));
  }
  return words;
}

void require_at_most(std::string_view what, const NameAndNumbers& words, std::size_t most) {
  if (words.numbers.size() <= most) return;
  const std::string takes = most == 0 ? "no number" : most == 1 ? "one number" : fmt::format("{} numbers", most);
  throw Error(fmt::format("{}: {} takes {}; leave out the rest", what, quote(words.name), takes));
}

}  // namespace hillock::nn

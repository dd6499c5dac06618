// Finds an entry of a menu (activations, losses, …) by the name that a user typed.
#pragma once

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/error.h"
#include "hillock/menu.h"
#include "hillock/text.h"

namespace hillock::nn {

// The index of `name` in `menu`. Throws Error that lists the entries and suggests the most similar name.
inline std::size_t find_in_menu(std::string_view what, const std::vector<NameAndSummary>& menu, std::string_view name) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < menu.size(); ++k) {
    if (menu[k].name == name) return k;
    names.push_back(menu[k].name);
  }
  const auto nearest = nearest_name(name, names);
  throw Error(fmt::format("{}: there is no {}; {}use one of {}", what, quote(name),
                          nearest ? fmt::format("did you mean \"{}\"? ", *nearest) : "", list_names(names)));
}

// "huber 0.5": a name followed by numbers, separated by spaces.
struct NameAndNumbers {
  std::string_view name;
  std::vector<double> numbers;
};
// Throws Error that begins with `what` if a word after the first is not a finite number.
NameAndNumbers name_and_numbers(std::string_view what, std::string_view text);
// Throws Error if there are more than `most` numbers.
void require_at_most(std::string_view what, const NameAndNumbers& words, std::size_t most);

}  // namespace hillock::nn

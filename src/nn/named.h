// Looking an entry up in a menu (activations, losses, …) by the name a user typed.
#pragma once

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/wording.h"
#include "hillock/error.h"
#include "hillock/nn.h"

namespace hillock::nn {

// The position of `name` in `menu`. Throws Error that says what there is and which name was probably meant.
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

}  // namespace hillock::nn

// `hillock help recipe`.
#pragma once

#include <string>

namespace hillock::program {

// What is chosen where an option of training is left out.
std::string recipe_text();

}  // namespace hillock::program

// `hillock help recipe`.
#pragma once

#include <string>

namespace hillock::program {

// The choices for options of training that are left out.
std::string recipe_text();

}  // namespace hillock::program

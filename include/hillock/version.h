// Which Hillock this is.
#pragma once

#include <string_view>

namespace hillock {

// Of the library that the program is linked with: "0.1.0" (semantic versioning).
std::string_view version();

}  // namespace hillock

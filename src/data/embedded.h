// The files of data/ as they were when the library was built. cmake/embed.cmake generates the definition.
#pragma once

#include <string_view>

namespace hillock {

// The bytes of the embedded file with this name ("iris.csv"), valid as long as the program runs; empty if there is
// none.
std::string_view embedded_file(std::string_view name);

}  // namespace hillock

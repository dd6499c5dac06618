// Where the tests find the repository and the program. One source file alone knows, so that the objects of all others
// are the same in every checkout and a compiler cache can share them.
#pragma once

#include <filesystem>
#include <string>

namespace hillock {

std::filesystem::path source_directory();  // the repository
std::string program_path();                // the file `hillock`

}  // namespace hillock

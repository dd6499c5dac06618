// The two paths, as the build defines them.
#include "tests/paths.h"

namespace hillock {

std::filesystem::path source_directory() { return HILLOCK_SOURCE_DIR; }
std::string program_path() { return HILLOCK_PROGRAM; }

}  // namespace hillock

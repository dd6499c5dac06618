// HILLOCK_VERSION is defined by CMakeLists.txt, for this file alone.
#include "hillock/version.h"

namespace hillock {

std::string_view version() { return HILLOCK_VERSION; }

}  // namespace hillock

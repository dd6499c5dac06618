// Checks that running an ordered and placed draft step by step computes what the graph says.
#pragma once

#include "plan/draft.h"

namespace hillock {

// Throws std::logic_error (for a bug in the planner) if a step reads a storage before it is written or after its bytes
// were given to another storage, or reads an old state after it was overwritten.
void verify(const Draft& draft);

}  // namespace hillock

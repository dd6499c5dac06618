// Checks a scheduled and placed draft: the proofs that running it in order computes what the graph says.
#pragma once

#include "plan/draft.h"

namespace hillock {

// Throws std::logic_error (a planner bug) if a step reads a storage before it is written or after its bytes were given
// to another storage, or an old state after it was overwritten.
void verify(const Draft& draft);

}  // namespace hillock

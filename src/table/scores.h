// The metrics of each split.
#pragma once

#include "hillock/network.h"
#include "hillock/table.h"
#include "table/job.h"

namespace hillock {

Scores score(const Network& network, const PreparedJob& job);

}  // namespace hillock

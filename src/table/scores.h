// Metrics of each part of the data.
#pragma once

#include "hillock/network.h"
#include "hillock/table.h"
#include "table/job.h"

namespace hillock {

Scores score(const Network& network, const Job& job);

}  // namespace hillock

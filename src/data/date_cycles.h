// Which cycles the times of a column go through.
#pragma once

#include <vector>

#include "hillock/nn.h"

namespace hillock {

// `times`: seconds since 1970-01-01 00:00, finite. Those of Encoding::fit.
std::vector<nn::Cycle> cycles_of(const std::vector<double>& times);

}  // namespace hillock

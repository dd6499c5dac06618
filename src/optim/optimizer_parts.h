// Expressions that several optimizers share.
#pragma once

#include <fmt/format.h>

#include <string_view>

#include "hillock/error.h"
#include "hillock/graph.h"
#include "hillock/ops.h"

namespace hillock::optim {

inline void require(bool holds, std::string_view what, double value, std::string_view allowed) {
  if (!holds) throw Error(fmt::format("optimizer: {} is {}; it must be {}", what, value, allowed));
}

// share old + (1 - share) new.
inline Value running_mean(Graph& graph, Value old_mean, Value value, double share) {
  const Value kept = ops::multiply(graph, old_mean, share);
  return ops::add(graph, kept, ops::multiply(graph, value, 1 - share));
}

}  // namespace hillock::optim

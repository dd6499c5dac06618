// Whether an op's record says all that a plan goes by, and whether one application keeps to it.
#pragma once

#include <string>
#include <string_view>

#include "hillock/op.h"

namespace hillock {

// What the record lacks: "a type rule (infer)"; empty if nothing.
std::string_view lacking_in(const Op& op);
// What is wrong with the types of a node whose record lacks nothing; empty if nothing.
std::string wrong_with(const Graph& graph, NodeId id);
// Throws Error for the first node that is neither an input nor a state and has such a record or such types.
void require_complete_ops(const Graph& graph);

}  // namespace hillock

// Checks whether an op's record is complete, and whether a node's types agree with it.
#pragma once

#include <string>
#include <string_view>

#include "hillock/op.h"

namespace hillock {

// What the record lacks, such as "a type rule (infer)"; empty if it is complete.
std::string_view lacking_in(const Op& op);
// What is wrong with the types of a node whose record is complete; empty if nothing is.
std::string wrong_with(const Graph& graph, NodeId id);
// Throws Error for the first node, other than inputs and states, whose record is incomplete or whose types are wrong.
void require_complete_ops(const Graph& graph);

}  // namespace hillock

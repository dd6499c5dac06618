// Builds pointwise programs from chains of nodes.
#pragma once

#include <functional>
#include <vector>

#include "plan/draft.h"

namespace hillock {

struct ChainOfNodes {
  std::vector<NodeId> members;          // ascending
  std::vector<Access> operands;         // distinct
  std::vector<NodeId> outputs;          // members whose value is used outside the chain
  std::function<Access(Value)> access;  // how a value from outside the chain is accessed
};

PointwiseProgram build_program(const Graph& graph, const ChainOfNodes& chain);
// Copies the elements of `view` into a dense buffer.
PointwiseProgram build_copy(const View& view, DType dtype);

}  // namespace hillock

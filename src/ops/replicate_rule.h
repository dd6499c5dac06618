// Shared by the rules for replicas (Op::replicate).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hillock/graph.h"
#include "hillock/op.h"
#include "hillock/tensor.h"

namespace hillock {

// `shape` with a last axis of replicas.
Shape with_replicas(const Shape& shape, std::int64_t replicas);
// The operand with a last axis of replicas, which is added if it is shared.
Value widened(Graph& graph, const ReplicaOperand& operand, std::int64_t replicas);

// For ops whose attributes name no axes, or count them from the front: applies the same op to the wider operands.
template <const Op& (*kOp)()>
std::vector<Value> replicate_as_it_is(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                                      std::int64_t replicas) {
  std::vector<Value> operands;
  for (const ReplicaOperand& operand : in) operands.push_back(widened(graph, operand, replicas));
  return graph.apply(kOp(), operands, alone.attributes);
}

}  // namespace hillock

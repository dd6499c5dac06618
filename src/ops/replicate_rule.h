// What the rules for replicas share (Op::replicate).
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
// The operand with a last axis of replicas, whether it is shared or not.
Value widened(Graph& graph, const ReplicaOperand& operand, std::int64_t replicas);

// The rule of an op whose attributes name axes from the front, or none: the same application, to wider operands.
template <const Op& (*kOp)()>
std::vector<Value> replicate_as_it_is(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                                      std::int64_t replicas) {
  std::vector<Value> operands;
  for (const ReplicaOperand& operand : in) operands.push_back(widened(graph, operand, replicas));
  return graph.apply(kOp(), operands, alone.attributes);
}

}  // namespace hillock

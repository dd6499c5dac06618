#include "ops/replicate_rule.h"

#include "hillock/ops.h"
#include "ops/type_rule.h"

namespace hillock {

Shape with_replicas(const Shape& shape, std::int64_t replicas) {
  std::vector<std::int64_t> dims = dims_of(shape);
  dims.push_back(replicas);
  return Shape(dims);
}

Value widened(Graph& graph, const ReplicaOperand& operand, std::int64_t replicas) {
  if (!operand.shared) return operand.value;
  const Shape shape = graph.type(operand.value).shape;
  std::vector<std::int64_t> dims = dims_of(shape);
  dims.push_back(1);
  return ops::broadcast(graph, ops::reshape(graph, operand.value, Shape(dims)), with_replicas(shape, replicas));
}

}  // namespace hillock

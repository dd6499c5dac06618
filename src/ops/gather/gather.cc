// gather {}: rows of a table by their indices, table [V, …] and indices [N] -> [N, …].
#include "ops/gather/gather.h"

#include <cstring>

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("gather", signature, 2);
  const TensorType& table = signature.in[0];
  const TensorType& indices = signature.in[1];
  if (table.shape.rank() == 0 || indices.shape.rank() != 1) {
    throw Error(fmt::format("gather: table {} and indices {}; give a table of rows and indices [N]", table.to_string(),
                            indices.to_string()));
  }
  require_indices("gather", indices, table.shape[0]);
  std::vector<std::int64_t> dims = dims_of(table.shape);
  dims[0] = indices.shape[0];
  return {{table.dtype, Shape(dims), table.range}};
}

// out_n = table_{i_n}, so ∂L/∂table_v is the sum of dout_n over the n with i_n = v.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value table = graph.node(id).inputs[0];
  const Value indices = graph.node(id).inputs[1];
  const std::int64_t rows = graph.type(table).shape[0];
  return {ops::scatter_add(graph, indices, dout[0], rows), Value{}};
}

void reference(const ReferenceCall& call) {
  const TensorType& table = call.signature.in[0];
  const TensorType& indices = call.signature.in[1];
  const std::int64_t row_bytes =
      static_cast<std::int64_t>(size_in_bytes(table.dtype)) * extent_of(table.shape, 1, table.shape.rank());
  visit_index(indices.dtype, [&]<class Index>(Index) {
    const Index* index = static_cast<const Index*>(call.in[1]);
    for (std::int64_t n = 0; n < indices.elements() && row_bytes > 0; ++n) {
      std::memcpy(static_cast<std::byte*>(call.out[0]) + n * row_bytes,
                  static_cast<const std::byte*>(call.in[0]) + index[n] * row_bytes,
                  static_cast<std::size_t>(row_bytes));
    }
  });
}

// All replicas pick the same rows of their tables.
std::vector<Value> replicate(Graph& graph, const OpSignature&, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  if (!in[1].shared) return {};
  return {ops::gather(graph, widened(graph, in[0], replicas), in[1].value)};
}

constexpr Op kGather{.name = "gather",
                     .summary = "rows of a table by index",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .kernel = &plan_gather,
                     .replicate = &replicate};

}  // namespace

const Op& gather_op() { return kGather; }

}  // namespace hillock

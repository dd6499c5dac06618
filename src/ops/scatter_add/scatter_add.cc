// scatter_add {"rows"}: adds rows to a table of zeros at their indices, in ascending order of n: indices [N] and
// updates [N, …] -> [rows, …].
#include "ops/scatter_add/scatter_add.h"

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("scatter_add", signature, 2);
  const TensorType& indices = signature.in[0];
  const TensorType& updates = signature.in[1];
  const std::int64_t rows = signature.attributes.integer("rows");
  require_float("scatter_add", updates);
  if (indices.shape.rank() != 1 || updates.shape.rank() == 0 || updates.shape[0] != indices.shape[0]) {
    throw Error(fmt::format("scatter_add: indices {} and updates {}; give indices [N] and N rows of updates",
                            indices.to_string(), updates.to_string()));
  }
  if (rows < 0) throw Error(fmt::format("scatter_add: rows={}; a table has zero or more", rows));
  require_indices("scatter_add", indices, rows);
  std::vector<std::int64_t> dims = dims_of(updates.shape);
  dims[0] = rows;
  return {{updates.dtype, Shape(dims), {}}};
}

// out_v = Σ updates_n over the n with i_n = v, so ∂L/∂updates_n = dout_{i_n}.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value indices = graph.node(id).inputs[0];
  return {Value{}, ops::gather(graph, dout[0], indices)};
}

void reference(const ReferenceCall& call) {
  const TensorType& indices = call.signature.in[0];
  const TensorType& updates = call.signature.in[1];
  const std::int64_t columns = extent_of(updates.shape, 1, updates.shape.rank());
  visit_index(indices.dtype, [&]<class Index>(Index) {
    visit_float(updates.dtype, [&]<class T>(T) {
      const Index* index = static_cast<const Index*>(call.in[0]);
      const T* update = static_cast<const T*>(call.in[1]);
      T* out = static_cast<T*>(call.out[0]);
      std::fill(out, out + call.signature.out[0].elements(), T{0});
      for (std::int64_t n = 0; n < indices.elements(); ++n) {
        for (std::int64_t column = 0; column < columns; ++column) {
          out[index[n] * columns + column] += update[n * columns + column];
        }
      }
    });
  });
}

double flops(const OpSignature& signature) { return static_cast<double>(signature.in[1].elements()); }

// The indices are shared by all replicas.
std::vector<Value> replicate(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  if (!in[0].shared) return {};
  return {ops::scatter_add(graph, in[0].value, widened(graph, in[1], replicas), alone.attributes.integer("rows"))};
}

constexpr Op kScatterAdd{.name = "scatter_add",
                         .summary = "adds rows into a table by index",
                         .infer = &infer,
                         .gradient = &gradient,
                         .reference = &reference,
                         .kernel = &plan_scatter_add,
                         .replicate = &replicate,
                         .flops = &flops};

}  // namespace

const Op& scatter_add_op() { return kScatterAdd; }

}  // namespace hillock

// one_hot {"depth", "dtype"}: each index becomes a row of zeros with a one at that index, […] -> […, depth]. Not
// differentiable: its operand is an integer.
#include "ops/one_hot/one_hot.h"

#include "hillock/ops.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("one_hot", signature, 1);
  const TensorType& indices = signature.in[0];
  const std::int64_t depth = signature.attributes.integer("depth");
  const DType dtype = dtype_from_code("one_hot", signature.attributes.integer("dtype"));
  if (!is_float(dtype)) throw Error(fmt::format("one_hot: rows of {}; ask for f32 or f64", name_of(dtype)));
  if (depth < 1) throw Error(fmt::format("one_hot: depth={}; a row needs one element or more", depth));
  require_indices("one_hot", indices, depth);
  std::vector<std::int64_t> dims = dims_of(indices.shape);
  dims.push_back(depth);
  return {{dtype, Shape(dims), {}}};
}

void reference(const ReferenceCall& call) {
  const TensorType& indices = call.signature.in[0];
  const TensorType& type = call.signature.out[0];
  const std::int64_t depth = call.signature.attributes.integer("depth");
  visit_index(indices.dtype, [&]<class Index>(Index) {
    visit_float(type.dtype, [&]<class T>(T) {
      const Index* index = static_cast<const Index*>(call.in[0]);
      T* out = static_cast<T*>(call.out[0]);
      for (std::int64_t n = 0; n < indices.elements(); ++n) {
        for (std::int64_t k = 0; k < depth; ++k) out[n * depth + k] = k == index[n] ? T{1} : T{0};
      }
    });
  });
}

// […, replicas] -> […, replicas, depth] -> […, depth, replicas].
std::vector<Value> replicate(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  const Value rows =
      ops::one_hot(graph, widened(graph, in[0], replicas), alone.attributes.integer("depth"), alone.out[0].dtype);
  const int rank = graph.type(rows).shape.rank();
  std::vector<int> permutation;
  for (int axis = 0; axis < rank - 2; ++axis) permutation.push_back(axis);
  permutation.push_back(rank - 1);
  permutation.push_back(rank - 2);
  return {ops::transpose(graph, rows, permutation)};
}

constexpr Op kOneHot{.name = "one_hot",
                     .summary = "rows of zeros with a one at each index",
                     .infer = &infer,
                     .gradient = nullptr,
                     .reference = &reference,
                     .kernel = &plan_one_hot,
                     .replicate = &replicate};

}  // namespace

const Op& one_hot_op() { return kOneHot; }

}  // namespace hillock

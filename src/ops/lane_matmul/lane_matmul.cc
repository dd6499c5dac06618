// lane_matmul {"transpose_a", "transpose_b"}: a product of two matrices for each index ("lane") of a last axis: [m, k,
// R] and [k, n, R] -> [m, n, R]. Either operand may be stored transposed.
//
// c[i, j, r] = Σ_k a[i, k, r] b[k, j, r], with the same bits as matmul on the matrices of lane r.
#include "ops/lane_matmul/lane_matmul.h"

#include <array>
#include <cmath>

#include "hillock/ops.h"
#include "ops/matmul/matmul.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {
namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("lane_matmul", signature, 2);
  const TensorType& a = signature.in[0];
  const TensorType& b = signature.in[1];
  require_float("lane_matmul", a);
  require_float("lane_matmul", b);
  const bool fits = a.dtype == b.dtype && a.shape.rank() == 3 && b.shape.rank() == 3 && a.shape[2] == b.shape[2];
  if (!fits || matmul_shape(signature).k != b.shape[signature.attributes.integer("transpose_b") != 0 ? 1 : 0]) {
    throw Error(fmt::format(
        "lane_matmul: {} times {}; give [m, k, lanes] and [k, n, lanes] of one dtype, or either one transposed",
        a.to_string(), b.to_string()));
  }
  const MatmulShape shape = matmul_shape(signature);
  return {{a.dtype, Shape{shape.m, shape.n, a.shape[2]}, {}}};
}

Value lane_matmul(Graph& graph, Value a, Value b, bool transpose_a, bool transpose_b) {
  const std::array<Value, 2> operands{a, b};
  return graph.apply(lane_matmul_op(), operands,
                     {{"transpose_a", std::int64_t{transpose_a}}, {"transpose_b", std::int64_t{transpose_b}}})[0];
}

// The gradient of matmul in each lane.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value a = graph.node(id).inputs[0];
  const Value b = graph.node(id).inputs[1];
  const bool transpose_a = graph.node(id).attributes.integer("transpose_a") != 0;
  const bool transpose_b = graph.node(id).attributes.integer("transpose_b") != 0;
  const Value dc = dout[0];
  const Value da =
      transpose_a ? lane_matmul(graph, b, dc, transpose_b, true) : lane_matmul(graph, dc, b, false, !transpose_b);
  const Value db =
      transpose_b ? lane_matmul(graph, dc, a, true, transpose_a) : lane_matmul(graph, a, dc, !transpose_a, false);
  return {da, db};
}

void reference(const ReferenceCall& call) {
  const MatmulShape shape = matmul_shape(call.signature);
  const std::int64_t lanes = call.signature.in[0].shape[2];
  visit_float(call.signature.in[0].dtype, [&]<class T>(T) {
    const T* a = static_cast<const T*>(call.in[0]);  // [m, k, lanes] or [k, m, lanes]
    const T* b = static_cast<const T*>(call.in[1]);  // [k, n, lanes] or [n, k, lanes]
    T* c = static_cast<T*>(call.out[0]);             // [m, n, lanes]
    for (std::int64_t i = 0; i < shape.m; ++i) {
      for (std::int64_t j = 0; j < shape.n; ++j) {
        for (std::int64_t lane = 0; lane < lanes; ++lane) {
          T sum = 0;
          for (std::int64_t begin = 0; begin < shape.k; begin += kMatmulChain) {
            T chain = 0;
            for (std::int64_t k = begin; k < std::min(begin + kMatmulChain, shape.k); ++k) {
              const T x = a[(shape.transpose_a ? k * shape.m + i : i * shape.k + k) * lanes + lane];
              const T y = b[(shape.transpose_b ? j * shape.k + k : k * shape.n + j) * lanes + lane];
              chain = std::fma(x, y, chain);
            }
            sum = begin == 0 ? chain : sum + chain;
          }
          c[(i * shape.n + j) * lanes + lane] = sum;
        }
      }
    }
  });
}

// Replicas become further lanes.
std::vector<Value> replicate(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  std::array<Value, 2> operands;
  for (std::size_t k = 0; k < 2; ++k) {
    const Shape& shape = alone.in[k].shape;
    operands[k] = ops::reshape(graph, widened(graph, in[k], replicas), Shape{shape[0], shape[1], shape[2] * replicas});
  }
  const Value product = graph.apply(lane_matmul_op(), operands, alone.attributes)[0];
  return {ops::reshape(graph, product, with_replicas(alone.out[0].shape, replicas))};
}

double flops(const OpSignature& signature) {
  const MatmulShape shape = matmul_shape(signature);
  return 2.0 * static_cast<double>(shape.k) * static_cast<double>(signature.out[0].elements());
}

constexpr Op kLaneMatmul{.name = "lane_matmul",
                         .summary = "the product of two matrices in each lane of a last axis",
                         .infer = &infer,
                         .gradient = &gradient,
                         .reference = &reference,
                         .kernel = &plan_lane_matmul,
                         .replicate = &replicate,
                         .flops = &flops};

}  // namespace

const Op& lane_matmul_op() { return kLaneMatmul; }

}  // namespace hillock

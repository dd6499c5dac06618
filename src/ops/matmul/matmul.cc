// matmul {"transpose_a", "transpose_b"}: the product of two matrices, either of which may be stored transposed.
//
// c[i, j] = Σ_k a[i, k] b[k, j], as one chain of fused multiply-adds over ascending k from +0. The chain restarts every
// 1024 terms, and the partial sums are added in order.
#include "ops/matmul/matmul.h"

#include <array>
#include <cmath>

#include "hillock/ops.h"
#include "ops/lane_matmul/lane_matmul.h"
#include "ops/replicate_rule.h"
#include "ops/type_rule.h"

namespace hillock {

MatmulShape matmul_shape(const OpSignature& signature) {
  const bool transpose_a = signature.attributes.integer("transpose_a") != 0;
  const bool transpose_b = signature.attributes.integer("transpose_b") != 0;
  const Shape& a = signature.in[0].shape;
  const Shape& b = signature.in[1].shape;
  return {.m = a[transpose_a ? 1 : 0],
          .k = a[transpose_a ? 0 : 1],
          .n = b[transpose_b ? 0 : 1],
          .transpose_a = transpose_a,
          .transpose_b = transpose_b};
}

namespace {

std::vector<TensorType> infer(const OpSignature& signature) {
  require_operands("matmul", signature, 2);
  const TensorType& a = signature.in[0];
  const TensorType& b = signature.in[1];
  require_float("matmul", a);
  require_float("matmul", b);
  if (a.dtype != b.dtype) {
    throw Error(fmt::format("matmul: {} times {}; the operands must have one dtype, so cast() one of them",
                            a.to_string(), b.to_string()));
  }
  if (a.shape.rank() != 2 || b.shape.rank() != 2) {
    throw Error(fmt::format("matmul: {} times {}; both must be matrices, so reshape() them to two axes", a.to_string(),
                            b.to_string()));
  }
  const MatmulShape shape = matmul_shape(signature);
  const std::int64_t k_of_b = b.shape[shape.transpose_b ? 1 : 0];
  if (shape.k != k_of_b) {
    throw Error(fmt::format("matmul: {}{} times {}{}: {} columns meet {} rows; they must be as many", a.to_string(),
                            shape.transpose_a ? " transposed" : "", b.to_string(),
                            shape.transpose_b ? " transposed" : "", shape.k, k_of_b));
  }
  return {{a.dtype, Shape{shape.m, shape.n}, {}}};
}

// For C = A B: dA = dC B', dB = A' dC. If an operand is stored transposed, so is its gradient: for X = A', dX = (dC
// B')' = B dC'; for Y = B', dY = (A' dC)' = dC' A.
std::vector<Value> gradient(Graph& graph, NodeId id, std::span<const Value> dout) {
  const Value a = graph.node(id).inputs[0];
  const Value b = graph.node(id).inputs[1];
  const bool transpose_a = graph.node(id).attributes.integer("transpose_a") != 0;
  const bool transpose_b = graph.node(id).attributes.integer("transpose_b") != 0;
  const Value dc = dout[0];
  const Value da =
      transpose_a ? ops::matmul(graph, b, dc, transpose_b, true) : ops::matmul(graph, dc, b, false, !transpose_b);
  const Value db =
      transpose_b ? ops::matmul(graph, dc, a, true, transpose_a) : ops::matmul(graph, a, dc, !transpose_a, false);
  return {da, db};
}

void reference(const ReferenceCall& call) {
  const MatmulShape shape = matmul_shape(call.signature);
  visit_float(call.signature.in[0].dtype, [&]<class T>(T) {
    const T* a = static_cast<const T*>(call.in[0]);  // [m, k] or [k, m]
    const T* b = static_cast<const T*>(call.in[1]);  // [k, n] or [n, k]
    T* c = static_cast<T*>(call.out[0]);             // [m, n]
    for (std::int64_t i = 0; i < shape.m; ++i) {
      for (std::int64_t j = 0; j < shape.n; ++j) {
        T sum = 0;
        for (std::int64_t begin = 0; begin < shape.k; begin += kMatmulChain) {
          T chain = 0;
          for (std::int64_t k = begin; k < std::min(begin + kMatmulChain, shape.k); ++k) {
            const T x = shape.transpose_a ? a[k * shape.m + i] : a[i * shape.k + k];
            const T y = shape.transpose_b ? b[j * shape.k + k] : b[k * shape.n + j];
            chain = std::fma(x, y, chain);
          }
          sum = begin == 0 ? chain : sum + chain;
        }
        c[i * shape.n + j] = sum;
      }
    }
  });
}

double flops(const OpSignature& signature) {
  const MatmulShape shape = matmul_shape(signature);
  return 2.0 * static_cast<double>(shape.m) * static_cast<double>(shape.k) * static_cast<double>(shape.n);
}

// A left operand that all replicas share is multiplied by all their right operands in a single product, because columns
// do not depend on each other.
std::vector<Value> replicate(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                             std::int64_t replicas) {
  const MatmulShape shape = matmul_shape(alone);
  if (in[0].shared && !shape.transpose_b) {
    const Value columns = ops::reshape(graph, in[1].value, Shape{shape.k, shape.n * replicas});
    const Value product = ops::matmul(graph, in[0].value, columns, shape.transpose_a, false);
    return {ops::reshape(graph, product, Shape{shape.m, shape.n, replicas})};
  }
  const std::array<Value, 2> operands{widened(graph, in[0], replicas), widened(graph, in[1], replicas)};
  return graph.apply(lane_matmul_op(), operands, alone.attributes);
}

constexpr Op kMatmul{.name = "matmul",
                     .summary = "the product of two matrices",
                     .infer = &infer,
                     .gradient = &gradient,
                     .reference = &reference,
                     .kernel = &plan_matmul,
                     .replicate = &replicate,
                     .flops = &flops};

}  // namespace

const Op& matmul_op() { return kMatmul; }

}  // namespace hillock

// Functions that add ops to a graph. Each appends nodes and returns their values; none changes existing nodes.
//
// Binary pointwise functions broadcast as NumPy does: shapes are aligned at their last axes, and an axis that is
// missing or has extent 1 is repeated. Every function throws Error if the operand types do not fit. Negative axes count
// from the end.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hillock/graph.h"

namespace hillock::ops {

// A tensor whose elements all are `value`.
Value constant(Graph& graph, DType dtype, const Shape& shape, double value);

// --- pointwise: f32 or f64, the same dtype for all operands ---
Value add(Graph& graph, Value x, Value y);
Value subtract(Graph& graph, Value x, Value y);
Value multiply(Graph& graph, Value x, Value y);
Value divide(Graph& graph, Value x, Value y);
Value power(Graph& graph, Value x, Value y);    // x^y; the derivative by y is 0 if x is 0
Value minimum(Graph& graph, Value x, Value y);  // NaN if either operand is NaN
Value maximum(Graph& graph, Value x, Value y);  // likewise
Value equal(Graph& graph, Value x, Value y);    // 1 if x = y, else 0, in the operands' dtype; not differentiable
Value less(Graph& graph, Value x, Value y);     // 1 if x < y, else 0, likewise
Value select(Graph& graph, Value condition, Value x, Value y);  // x where condition is not 0, else y
Value negate(Graph& graph, Value x);
Value abs(Graph& graph, Value x);
Value exp(Graph& graph, Value x);
Value log(Graph& graph, Value x);
Value sqrt(Graph& graph, Value x);
Value sigmoid(Graph& graph, Value x);  // 1 / (1 + e^-x)
Value tanh(Graph& graph, Value x);
Value sin(Graph& graph, Value x);                              // x in radians; NaN beyond |x| = 2^47
Value cos(Graph& graph, Value x);                              // likewise
Value erf(Graph& graph, Value x);                              // the error function
Value relu(Graph& graph, Value x);                             // max(x, 0); derivative 0 at 0
Value leaky_relu(Graph& graph, Value x, double slope = 0.01);  // x > 0 ? x : slope x
Value elu(Graph& graph, Value x, double alpha = 1.0);          // x > 0 ? x : alpha (e^x - 1)
Value softplus(Graph& graph, Value x);                         // log(1 + e^x), without overflow
// `x op y` with a constant: y becomes a scalar of x's dtype.
Value add(Graph& graph, Value x, double y);
Value multiply(Graph& graph, Value x, double y);

// --- matrix product: x [M, K] ([K, M] if transpose_x), y [K, N] ([N, K] if transpose_y) -> [M, N] ---
Value matmul(Graph& graph, Value x, Value y, bool transpose_x = false, bool transpose_y = false);

// --- reductions over the given axes, which are removed from the shape; without axes over all of them ---
Value sum(Graph& graph, Value x, std::vector<int> axes = {});
Value mean(Graph& graph, Value x, std::vector<int> axes = {});
Value max(Graph& graph, Value x, std::vector<int> axes = {});  // equal maxima share the gradient evenly
Value argmax(Graph& graph, Value x, int axis = -1);            // i32; of equal maxima the first
// i32: 1 if all elements of all values are finite, else 0. Takes at most 16 values of one float dtype.
Value all_finite(Graph& graph, std::span<const Value> values);

// --- shape: these compute nothing, and most of them also move no data ---
Value broadcast(Graph& graph, Value x, const Shape& shape);
Value reshape(Graph& graph, Value x, const Shape& shape);
Value transpose(Graph& graph, Value x, std::vector<int> permutation = {});  // empty: reverse the axes
Value slice(Graph& graph, Value x, std::vector<std::int64_t> starts, std::vector<std::int64_t> sizes);
Value pad(Graph& graph, Value x, std::vector<std::int64_t> before, std::vector<std::int64_t> after);  // with zeros
Value concat(Graph& graph, std::span<const Value> parts);                                             // along axis 0

// --- indices: i32 with a range, or i32 or i64 that are checked against the table's extent when they are bound ---
Value gather(Graph& graph, Value table, Value indices);                            // [V, …], [N] -> [N, …]
Value scatter_add(Graph& graph, Value indices, Value updates, std::int64_t rows);  // [N], [N, …] -> [rows, …]
Value one_hot(Graph& graph, Value indices, std::int64_t depth, DType dtype);       // […] -> […, depth]
Value cast(Graph& graph, Value x, DType dtype);  // truncates when converting float to integer
// Floats as i32 indices in [0, rows) for gather: truncated, clamped to the range, and 0 for NaN.
Value to_index(Graph& graph, Value x, std::int64_t rows);

// --- losses and randomness ---
struct SoftmaxCrossEntropy {
  Value loss;           // [B]: -sum_c targets_c log softmax(logits)_c
  Value probabilities;  // [B, C]
  Value slope;          // [B, C]: the derivative of the loss by the logits, probabilities_c sum_k targets_k - targets_c
};
SoftmaxCrossEntropy softmax_cross_entropy(Graph& graph, Value logits, Value targets);  // both [B, C]

// Uniform values in [0, 1) from the counter-based generator Philox 4x32-10 (Salmon et al. 2011). `position` is i64[3]:
// the seed, the step, and the global row number of the first row. An element depends only on (seed, stream, step,
// global row, column), not on the batch that contains its row or on other draws.
Value random_uniform(Graph& graph, Value position, const Shape& shape, DType dtype, std::int64_t stream);

}  // namespace hillock::ops

namespace hillock {

// The pointwise functions as operators between values of one graph: `(x - y) * (x - y)`, `1 - sigmoid`, `-x / 2`. They
// broadcast in the same way and add to the operands' graph, even through a const reference to it. A number becomes a
// scalar of the other operand's dtype. Throw Error if an operand refers to nothing or the operands belong to different
// graphs.
Value operator+(Value x, Value y);
Value operator-(Value x, Value y);
Value operator*(Value x, Value y);
Value operator/(Value x, Value y);
Value operator-(Value x);
Value operator+(Value x, double y);
Value operator-(Value x, double y);
Value operator*(Value x, double y);
Value operator/(Value x, double y);
Value operator+(double x, Value y);
Value operator-(double x, Value y);
Value operator*(double x, Value y);
Value operator/(double x, Value y);

}  // namespace hillock

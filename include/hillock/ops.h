// Functions that add ops to a graph. All are pure: they append nodes and return values.
//
// Binary pointwise functions broadcast as NumPy does: shapes are aligned at their last axes, and an axis of extent 1
// (or a missing one) is repeated. Every function throws Error when the operand types do not fit. Axes may be negative
// and then count from the end.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hillock/graph.h"

namespace hillock::ops {

// A tensor with every element `value`.
Value constant(Graph& graph, DType dtype, const Shape& shape, double value);

// --- pointwise: f32 or f64, all operands of one dtype ---
Value add(Graph& graph, Value x, Value y);
Value subtract(Graph& graph, Value x, Value y);
Value multiply(Graph& graph, Value x, Value y);
Value divide(Graph& graph, Value x, Value y);
Value power(Graph& graph, Value x, Value y);    // x^y; d/dy is 0 where x is 0
Value minimum(Graph& graph, Value x, Value y);  // NaN if either is
Value maximum(Graph& graph, Value x, Value y);
Value equal(Graph& graph, Value x, Value y);                    // 1 or 0 in the operands' dtype; not differentiable
Value less(Graph& graph, Value x, Value y);                     // x < y, likewise
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
// `x op constant`, the constant a scalar of x's dtype.
Value add(Graph& graph, Value x, double y);
Value multiply(Graph& graph, Value x, double y);

// --- matrix product: x [M, K] (or [K, M] when transpose_x), y [K, N] (or [N, K] when transpose_y) -> [M, N] ---
Value matmul(Graph& graph, Value x, Value y, bool transpose_x = false, bool transpose_y = false);

// --- reductions over the given axes, which are removed from the shape; no axes given: over all ---
Value sum(Graph& graph, Value x, std::vector<int> axes = {});
Value mean(Graph& graph, Value x, std::vector<int> axes = {});
Value max(Graph& graph, Value x, std::vector<int> axes = {});  // gradient shared evenly among equal maxima
Value argmax(Graph& graph, Value x, int axis = -1);            // i32; the first of equal maxima
// i32: 1 if all elements of all values (of one float dtype, 16 values at most) are finite, otherwise 0.
Value all_finite(Graph& graph, std::span<const Value> values);

// --- shape: no arithmetic, most of them no work either ---
Value broadcast(Graph& graph, Value x, const Shape& shape);
Value reshape(Graph& graph, Value x, const Shape& shape);
Value transpose(Graph& graph, Value x, std::vector<int> permutation = {});  // empty: reverse the axes
Value slice(Graph& graph, Value x, std::vector<std::int64_t> starts, std::vector<std::int64_t> sizes);
Value pad(Graph& graph, Value x, std::vector<std::int64_t> before, std::vector<std::int64_t> after);  // with zeros
Value concat(Graph& graph, std::span<const Value> parts);                                             // along axis 0

// --- indices: i32 with a range, or i32/i64 checked by the range of the table when bound ---
Value gather(Graph& graph, Value table, Value indices);                            // [V, …], [N] -> [N, …]
Value scatter_add(Graph& graph, Value indices, Value updates, std::int64_t rows);  // [N], [N, …] -> [rows, …]
Value one_hot(Graph& graph, Value indices, std::int64_t depth, DType dtype);       // […] -> […, depth]
Value cast(Graph& graph, Value x, DType dtype);                                    // float to integer truncates
// Floats as i32 in [0, rows), fit for gather: truncated; the nearest end for what is outside, 0 for NaN.
Value to_index(Graph& graph, Value x, std::int64_t rows);

// --- losses and randomness ---
struct SoftmaxCrossEntropy {
  Value loss;           // [B]: -sum_c targets_c log softmax(logits)_c
  Value probabilities;  // [B, C]
  Value slope;          // [B, C]: of the loss by the logits, probabilities_c sum_k targets_k - targets_c
};
SoftmaxCrossEntropy softmax_cross_entropy(Graph& graph, Value logits, Value targets);  // both [B, C]

// Uniform values in [0, 1) from Philox 4x32-10. `position` is i64[3]: seed, step, global row of the first row. The
// value of an element depends on (seed, stream, step, global row, column) only: not on the batch it sits in nor on
// other draws.
Value random_uniform(Graph& graph, Value position, const Shape& shape, DType dtype, std::int64_t stream);

}  // namespace hillock::ops

namespace hillock {

// The pointwise functions as operators, for values of one graph: `(x - y) * (x - y)`, `1 - sigmoid`, `-x / 2`. They
// broadcast alike and add to the graph that the operands are of, also where it is held as const; a number is a scalar
// of the other operand's dtype. Throw Error if an operand refers to nothing or the operands are of different graphs.
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

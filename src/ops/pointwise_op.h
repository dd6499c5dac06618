// Shared by the pointwise ops: their type rule, the loop of their references, constants for their gradients.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "hillock/graph.h"
#include "hillock/op.h"
#include "hillock/tensor.h"

namespace hillock {

// The type rule of `op`: `operands` operands of one shape and one float dtype give a result of the same type. Throws
// Error otherwise. The functions of ops.h broadcast first; whoever applies an op directly must pass equal shapes.
std::vector<TensorType> pointwise_types(std::string_view op, const OpSignature& signature, std::size_t operands);

// A constant of the dtype and shape of `like`.
Value constant_like(Graph& graph, Value like, double value);

// Op::kink of an op of one operand whose derivative jumps where the operand is 0, and of an op of two operands whose
// derivative jumps where they are equal.
Value kink_at_zero(Graph& graph, NodeId node);
Value kink_where_equal(Graph& graph, NodeId node);

// The loop of a reference: out[i] = function(in[0][i], in[1][i], ...), all float or all double.
template <std::size_t kOperands, class Function>
void map_reference(const ReferenceCall& call, Function function) {
  const auto loop = [&]<class T, std::size_t... kOperand>(T*, std::index_sequence<kOperand...>) {
    T* const out = static_cast<T*>(call.out[0]);
    const std::int64_t elements = call.signature.out[0].elements();
    for (std::int64_t i = 0; i < elements; ++i) out[i] = function(static_cast<const T*>(call.in[kOperand])[i]...);
  };
  if (call.signature.out[0].dtype == DType::f32) {
    loop(static_cast<float*>(nullptr), std::make_index_sequence<kOperands>());
  } else {
    loop(static_cast<double*>(nullptr), std::make_index_sequence<kOperands>());
  }
}

}  // namespace hillock

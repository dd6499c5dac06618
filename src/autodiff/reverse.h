// The reverse walk over a graph. It knows no ops: the caller provides addition and constants.
#pragma once

#include <span>
#include <vector>

#include "hillock/graph.h"

namespace hillock {

// What the walk itself has to build: the sum of two cotangents, and a tensor filled with one number.
struct CotangentAlgebra {
  Value (*add)(Graph& graph, Value x, Value y) = nullptr;
  Value (*constant)(Graph& graph, const TensorType& type, double value) = nullptr;
};

std::vector<Value> reverse_walk(Graph& graph, Value of, std::span<const Value> wrt, const CotangentAlgebra& algebra);

}  // namespace hillock

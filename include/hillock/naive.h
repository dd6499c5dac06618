// The naive executor: evaluates every node with its op's reference implementation, in order, each output in a buffer of
// its own.
//
// It defines the meaning of a graph: planned runs equal it bit for bit, which tests check, and a trainer replays a step
// here to name the first value that is not finite.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hillock/graph.h"
#include "hillock/state.h"
#include "hillock/tensor.h"

namespace hillock {

struct NaiveRun {
  std::vector<std::vector<Tensor>> values;  // by node, then by output; inputs and states are copies

  const Tensor& at(Value value) const {
    return values[static_cast<std::size_t>(value.node)][static_cast<std::size_t>(value.output)];
  }
};

// Runs the whole graph on `inputs` (by name) and the states in `store`, which does not change; the next values of the
// states are ordinary values of the run. Throws Error if an input or state is missing or has another type.
NaiveRun run_naive(const Graph& graph, const std::map<std::string, Tensor>& inputs, const Store& store);

// The first value, in node order, that contains a NaN or an infinity, inputs and states included; a Value that refers
// to nothing if there is none.
Value first_not_finite(const Graph& graph, const NaiveRun& run);

}  // namespace hillock

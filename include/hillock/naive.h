// The naive run: every node by its op's reference, one after another, each output in a buffer of its own.
//
// It is the meaning of a graph. Planned runs equal it bit for bit; tests compare the two, and a trainer replays a step
// here to name the value that first went wrong.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hillock/graph.h"
#include "hillock/state.h"
#include "hillock/tensor.h"

namespace hillock {

struct NaiveRun {
  std::vector<std::vector<Tensor>> values;  // by node, by output; inputs and states are copies of what was given

  const Tensor& at(Value value) const {
    return values[static_cast<std::size_t>(value.node)][static_cast<std::size_t>(value.output)];
  }
};

// Runs the whole graph from `inputs` (by name) and the states in `store`, and leaves the store as it was; the next
// values of the states are ordinary values of the run. Throws Error if an input or state is missing or of another type.
NaiveRun run_naive(const Graph& graph, const std::map<std::string, Tensor>& inputs, const Store& store);

// The first value in node order that holds a NaN or an infinity; refers to nothing if
// there is none. Inputs and states count: a NaN that was fed is found at its input.
Value first_not_finite(const Graph& graph, const NaiveRun& run);

}  // namespace hillock

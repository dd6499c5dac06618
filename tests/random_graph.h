// For tests: random graphs for comparing planned runs with naive ones. They contain every op, a backward pass, and
// updates of states in all the ways in which a trainer (or a mischievous user) might write them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hillock/graph.h"
#include "hillock/state.h"
#include "hillock/tensor.h"

namespace hillock {

// A reproducible stream of numbers, the same on every platform.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : counter_(seed * 0x9E3779B97F4A7C15u + 1) {}
  std::uint64_t bits();
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(bound));
  }
  double real(double low, double high) { return low + (high - low) * static_cast<double>(bits() >> 11) * 0x1p-53; }
  bool chance(double probability) { return real(0, 1) < probability; }

 private:
  std::uint64_t counter_;
};

struct RandomGraph {
  Graph graph;
  std::vector<Value> outputs;
  int forward_ops = 0;   // computing nodes before the backward pass
  bool missing = false;  // some numbers of its input "features" are NaN
};

// At least 20 computing nodes, a backward pass and an update. The same seed gives the same graph.
RandomGraph make_random_graph(std::uint64_t seed);

// Values for an input or a state of `type`: moderate, with some ties and zeros; integers within their range.
Tensor random_tensor(const TensorType& type, Dice& dice);
std::map<std::string, Tensor> random_inputs(const Graph& graph, std::uint64_t seed);
Store random_store(const Graph& graph, std::uint64_t seed);

}  // namespace hillock

// Many copies of a graph's computation as one graph: every value gets a last axis, along which the copies lie side by
// side. So an instruction does the same for as many copies as a vector has lanes, and what a copy computes has the bits
// that it has alone, since the bits of an element do not depend on what lies beside it (docs/numerics.md).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "hillock/graph.h"
#include "hillock/op.h"

namespace hillock {

class Replication {
 public:
  // `shares` says for an input's name whether all replicas are fed the same; then it keeps its type. All other inputs
  // and all states have a last axis of replicas. Nothing if an op of the graph cannot be replicated.
  static std::optional<Replication> of(const Graph& alone, std::int64_t replicas,
                                       const std::function<bool(std::string_view input)>& shares);

  const Graph& graph() const { return graph_; }
  // What became of a value of the graph `alone`, with its last axis of replicas.
  Value operator[](Value alone);

 private:
  struct Copies {
    ReplicaOperand operand;
    Value wide;  // the operand with an axis of replicas, once something has asked for it
  };

  Replication(const Graph& alone, std::int64_t replicas) : alone_(&alone), replicas_(replicas) {}
  Copies& copies(Value alone) {
    return values_[static_cast<std::size_t>(alone.node)][static_cast<std::size_t>(alone.output)];
  }
  bool add_node(NodeId id, const std::function<bool(std::string_view)>& shares);
  void remember(std::vector<Value> results, bool shared);

  const Graph* alone_;
  std::int64_t replicas_;
  Graph graph_;
  std::vector<std::vector<Copies>> values_;  // by node of alone and output
};

// Whether two graphs compute the same from inputs and states of the same names.
bool same_graph(const Graph& x, const Graph& y);

}  // namespace hillock

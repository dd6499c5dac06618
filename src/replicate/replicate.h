// Turns a graph into one that computes many replicas of it: every value gets a last axis along which the replicas lie
// side by side. One instruction then computes as many replicas as a vector has lanes. The bits of a replica are those
// of the graph alone, since the bits of an element do not depend on what lies beside it (docs/numerics.md).
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
  // `shares` tells by an input's name whether all replicas are fed the same values; it then keeps its type. Other
  // inputs and all states get a last axis of replicas. Returns nothing if an op of the graph cannot be replicated.
  static std::optional<Replication> of(const Graph& alone, std::int64_t replicas,
                                       const std::function<bool(std::string_view input)>& shares);

  const Graph& graph() const { return graph_; }
  // The value that replaces the value `alone` of the original graph, with its last axis of replicas.
  Value operator[](Value alone);

 private:
  struct Copies {
    ReplicaOperand operand;
    Value wide;  // the value with an axis of replicas, once it has been needed
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
  std::vector<std::vector<Copies>> values_;  // by node of the original graph and output
};

// Whether two graphs compute the same from inputs and states of the same names.
bool same_graph(const Graph& x, const Graph& y);

}  // namespace hillock

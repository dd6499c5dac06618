// A computation graph: a list of typed nodes, each of which applies one op to earlier values. It describes a
// computation and executes nothing.
//
// Nodes are numbered in the order in which they are added, which is a topological order. Shapes are static. A graph
// holds no data: inputs are bound when a session runs, and state (parameters, optimizer slots, running statistics)
// lives in a Store, to which the graph refers by name as pairs old -> next. A graph must be built by one thread at a
// time; once built, any number of threads may read it.
#pragma once

#include <compare>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "hillock/tensor.h"

namespace hillock {

struct Op;

using NodeId = std::int32_t;

class Graph;
// The current address of a graph, which changes when the graph is moved.
struct GraphPlace {
  Graph* graph = nullptr;
};

// Output `output` of node `node` of a graph. A default-constructed Value refers to nothing. A Value returned by a Graph
// also refers to the graph, which makes operators between values possible (hillock/ops.h). Two values are equal if
// their nodes and outputs are equal.
struct Value {
  NodeId node = -1;
  std::int32_t output = 0;
  const GraphPlace* place = nullptr;  // owned by the graph; valid until it is destroyed or assigned to

  explicit operator bool() const { return node >= 0; }
  bool operator==(const Value& other) const { return node == other.node && output == other.output; }
  auto operator<=>(const Value& other) const {
    return node != other.node ? node <=> other.node : output <=> other.output;
  }
};

// The constant arguments of one application of an op: axes, slopes, shapes. They are ordered by name, so equal sets
// print alike. Immutable; copies share their contents.
class Attributes {
 public:
  using Item = std::variant<std::int64_t, double, std::vector<std::int64_t>>;
  using Items = std::map<std::string, Item>;

  Attributes() = default;
  Attributes(std::initializer_list<Items::value_type> items);

  // Each throws Error if the attribute is missing or of another type.
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  const std::vector<std::int64_t>& integers(std::string_view name) const;
  bool has(std::string_view name) const;
  const Items& items() const;

  // Real numbers are compared by their bits: 0 and -0 differ, and a NaN equals itself.
  bool operator==(const Attributes& other) const;
  // "axis=0, shape=[2, 3]".
  std::string to_string() const;

 private:
  const Item& find(std::string_view name) const;
  std::shared_ptr<const Items> items_;  // nullptr: none
};

struct Node {
  const Op* op = nullptr;
  std::vector<Value> inputs;
  Attributes attributes;
  std::vector<TensorType> outputs;
  std::string name;  // for people: "dense1.weight"; may be empty, and need not be unique for computed nodes
};

// One piece of state: its value at the start of a step and the value that replaces it at the end.
struct StatePair {
  Value old;
  Value next;  // refers to nothing while the graph only reads this state
};

class Graph {
 public:
  Graph() = default;
  // Values of a moved graph refer to its new place. Values of a copied graph still refer to the original.
  Graph(const Graph& other);
  Graph(Graph&& other) noexcept;
  Graph& operator=(Graph other) noexcept;
  ~Graph() = default;

  // Adds a value that the caller binds at every run. Throws Error if another input has the same name.
  Value input(std::string name, TensorType type);
  // The value held in the Store under `name`; asking for the same name again returns the same value. Throws Error if
  // the name exists with another type.
  Value state(std::string name, TensorType type);
  // Makes `state` take the value `next` at the end of a step that updates. Throws Error if the types differ, if `state`
  // is not a state, or if it has been assigned before.
  void assign(Value state, Value next);
  // Applies `op` to `inputs` and returns its outputs. Throws Error if the op's type rule rejects the operands.
  std::vector<Value> apply(const Op& op, std::span<const Value> inputs, Attributes attributes = {});

  // Names a node in prints and error messages. Returns `value`.
  Value set_name(Value value, std::string name);

  // Output `output` of the node `id`, as apply() returned it.
  Value value(NodeId id, std::int32_t output = 0) const { return {id, output, place_.get()}; }
  const Node& node(NodeId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  std::span<const Node> nodes() const { return nodes_; }
  NodeId size() const { return static_cast<NodeId>(nodes_.size()); }
  const TensorType& type(Value value) const { return node(value.node).outputs[static_cast<std::size_t>(value.output)]; }
  std::span<const Value> inputs() const { return inputs_; }
  std::span<const StatePair> states() const { return states_; }

  // One line per node: "%5 = add(%3, %4) : f32[32, 10]  # logits".
  std::string to_string() const;
  std::string describe(Value value) const;  // "%5 add \"logits\" f32[32, 10]", for error messages

 private:
  Value append(Node node);
  void require_value(Value value, std::string_view where) const;

  std::vector<Node> nodes_;
  std::vector<Value> inputs_;
  std::vector<StatePair> states_;
  std::unique_ptr<GraphPlace> place_;  // made with the first node
};

}  // namespace hillock

// The graph: a list of typed nodes, each one op applied to earlier values. It describes a computation and computes
// nothing.
//
// Nodes are numbered in the order in which they are added, which is a topological order. Shapes are static. A graph
// owns no data: inputs are bound when a session runs, and state (parameters, optimizer slots, running statistics) lives
// in a Store, which the graph refers to by name as pairs old -> next. A Graph is built by one thread; once built it may
// be read by many.
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
// Where a graph is now: it may be moved.
struct GraphPlace {
  Graph* graph = nullptr;
};

// Output `output` of node `node` of a graph. A default-constructed Value refers to nothing. Values that a Graph has
// returned also know the graph, so that operators (hillock/ops.h) can be written between them; two values are equal if
// node and output are.
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

// The constants that are part of an op's application: axes, slopes, shapes. Ordered by name, so two equal sets print
// alike. A value that never changes; copies share what they hold.
class Attributes {
 public:
  using Item = std::variant<std::int64_t, double, std::vector<std::int64_t>>;
  using Items = std::map<std::string, Item>;

  Attributes() = default;
  Attributes(std::initializer_list<Items::value_type> items);

  // Each throws Error if the attribute is missing or of another kind.
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  const std::vector<std::int64_t>& integers(std::string_view name) const;
  bool has(std::string_view name) const;
  const Items& items() const;

  // Real numbers are equal if their bits are: 0 and -0 compute different things, and a NaN is itself.
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
  std::string name;  // what a person calls it: "dense1.weight"; may be empty, need not be unique for computed nodes
};

// A piece of state: the value at the start of a step and the value that replaces it at the end.
struct StatePair {
  Value old;
  Value next;  // refers to nothing while the graph only reads this state
};

class Graph {
 public:
  Graph() = default;
  // The values of a graph that is moved refer to where it is then; those of a graph that is copied to the original.
  Graph(const Graph& other);
  Graph(Graph&& other) noexcept;
  Graph& operator=(Graph other) noexcept;
  ~Graph() = default;

  // A value fed by the caller at every run. Names are unique among inputs. Throws Error otherwise.
  Value input(std::string name, TensorType type);
  // A value held in the Store under `name`; asking again for the same name returns the same value.
  // Throws Error if the name is known with another type.
  Value state(std::string name, TensorType type);
  // At the end of a step that updates, `state` takes the value `next`. Throws Error if types differ, `state` is not a
  // state or it was assigned before.
  void assign(Value state, Value next);
  // Applies `op`: checks the operands with the op's type rule (throws Error) and returns its outputs.
  std::vector<Value> apply(const Op& op, std::span<const Value> inputs, Attributes attributes = {});

  // Names a node for printing and error messages. Returns `value`.
  Value set_name(Value value, std::string name);

  // Output `output` of the node `id`, as apply() returned it.
  Value value(NodeId id, std::int32_t output = 0) const { return {id, output, place_.get()}; }
  const Node& node(NodeId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  std::span<const Node> nodes() const { return nodes_; }
  NodeId size() const { return static_cast<NodeId>(nodes_.size()); }
  const TensorType& type(Value value) const { return node(value.node).outputs[static_cast<std::size_t>(value.output)]; }
  std::span<const Value> inputs() const { return inputs_; }
  std::span<const StatePair> states() const { return states_; }

  // One line a node: "%5 = add(%3, %4) : f32[32, 10]  # logits".
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

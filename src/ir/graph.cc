// Builds and prints graphs. Every node is type-checked when it is added.
#include "hillock/graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>

#include "hillock/error.h"
#include "hillock/op.h"

namespace hillock {

namespace {

bool same_item(const Attributes::Item& x, const Attributes::Item& y) {
  const auto* real = std::get_if<double>(&x);
  const auto* other = std::get_if<double>(&y);
  if (real == nullptr || other == nullptr) return x == y;
  return std::bit_cast<std::uint64_t>(*real) == std::bit_cast<std::uint64_t>(*other);
}

}  // namespace

Attributes::Attributes(std::initializer_list<Items::value_type> items)
    : items_(items.size() == 0 ? nullptr : std::make_shared<const Items>(items)) {}

bool Attributes::has(std::string_view name) const { return items().contains(std::string(name)); }

const Attributes::Items& Attributes::items() const {
  static const Items none;
  return items_ == nullptr ? none : *items_;
}

bool Attributes::operator==(const Attributes& other) const {
  return items_ == other.items_ || std::ranges::equal(items(), other.items(), [](const auto& x, const auto& y) {
           return x.first == y.first && same_item(x.second, y.second);
         });
}

const Attributes::Item& Attributes::find(std::string_view name) const {
  const auto found = items().find(std::string(name));
  if (found == items().end()) throw Error(fmt::format("attributes: \"{}\" is missing; got {{{}}}", name, to_string()));
  return found->second;
}

std::int64_t Attributes::integer(std::string_view name) const {
  if (const auto* value = std::get_if<std::int64_t>(&find(name))) return *value;
  throw Error(fmt::format("attributes: \"{}\" must be an integer; got {{{}}}", name, to_string()));
}

double Attributes::real(std::string_view name) const {
  if (const auto* value = std::get_if<double>(&find(name))) return *value;
  throw Error(fmt::format("attributes: \"{}\" must be a real number; got {{{}}}", name, to_string()));
}

const std::vector<std::int64_t>& Attributes::integers(std::string_view name) const {
  if (const auto* value = std::get_if<std::vector<std::int64_t>>(&find(name))) return *value;
  throw Error(fmt::format("attributes: \"{}\" must be a list of integers; got {{{}}}", name, to_string()));
}

std::string Attributes::to_string() const {
  std::string text;
  for (const auto& [name, item] : items()) {
    if (!text.empty()) text += ", ";
    if (const auto* integer = std::get_if<std::int64_t>(&item)) {
      text += fmt::format("{}={}", name, *integer);
    } else if (const auto* real = std::get_if<double>(&item)) {
      text += fmt::format("{}={}", name, *real);
    } else {
      text += fmt::format("{}=[{}]", name, fmt::join(std::get<std::vector<std::int64_t>>(item), ", "));
    }
  }
  return text;
}

const Op& input_op() {
  static const Op op{.name = "input", .summary = "a value fed at every run"};
  return op;
}

const Op& state_op() {
  static const Op op{.name = "state", .summary = "a value kept in the store"};
  return op;
}

Graph::Graph(Graph&& other) noexcept
    : nodes_(std::move(other.nodes_)),
      inputs_(std::move(other.inputs_)),
      states_(std::move(other.states_)),
      place_(std::move(other.place_)) {
  if (place_ != nullptr) place_->graph = this;
}

Graph::Graph(const Graph& other) : nodes_(other.nodes_), inputs_(other.inputs_), states_(other.states_) {
  if (other.place_ == nullptr) return;
  place_ = std::make_unique<GraphPlace>(GraphPlace{this});
  for (Node& node : nodes_) {
    for (Value& input : node.inputs) input.place = place_.get();
  }
  for (Value& input : inputs_) input.place = place_.get();
  for (StatePair& pair : states_) {
    pair.old.place = place_.get();
    pair.next.place = pair.next ? place_.get() : nullptr;
  }
}

Graph& Graph::operator=(Graph other) noexcept {
  nodes_ = std::move(other.nodes_);
  inputs_ = std::move(other.inputs_);
  states_ = std::move(other.states_);
  place_ = std::move(other.place_);
  if (place_ != nullptr) place_->graph = this;
  return *this;
}

Value Graph::append(Node node) {
  if (place_ == nullptr) place_ = std::make_unique<GraphPlace>(GraphPlace{this});
  nodes_.push_back(std::move(node));
  return value(static_cast<NodeId>(nodes_.size() - 1));
}

void Graph::require_value(Value value, std::string_view where) const {
  if (value.node >= 0 && value.node < size() && value.output >= 0 &&
      static_cast<std::size_t>(value.output) < node(value.node).outputs.size()) {
    return;
  }
  throw Error(
      fmt::format("{}: operand %{}.{} is not a value of this graph, which has {} nodes; pass values that this "
                  "graph returned",
                  where, value.node, value.output, nodes_.size()));
}

Value Graph::input(std::string name, TensorType type) {
  for (Value known : inputs_) {
    if (node(known.node).name == name) {
      throw Error(fmt::format("graph: there is an input \"{}\" already; give each input a name of its own", name));
    }
  }
  const Value value = append(
      {.op = &input_op(), .inputs = {}, .attributes = {}, .outputs = {std::move(type)}, .name = std::move(name)});
  inputs_.push_back(value);
  return value;
}

Value Graph::state(std::string name, TensorType type) {
  for (const StatePair& pair : states_) {
    if (node(pair.old.node).name != name) continue;
    if (this->type(pair.old) == type) return pair.old;
    throw Error(fmt::format("graph: state \"{}\" is {} and was asked for as {}; use one type for one name", name,
                            this->type(pair.old).to_string(), type.to_string()));
  }
  const Value value = append(
      {.op = &state_op(), .inputs = {}, .attributes = {}, .outputs = {std::move(type)}, .name = std::move(name)});
  states_.push_back({.old = value, .next = {}});
  return value;
}

void Graph::assign(Value state, Value next) {
  require_value(state, "assign");
  require_value(next, "assign");
  const auto pair = std::ranges::find(states_, state, &StatePair::old);
  if (pair == states_.end())
    throw Error(fmt::format("assign: {} is not a state; pass what state() returned", describe(state)));
  if (pair->next)
    throw Error(fmt::format("assign: {} has its next value already; assign a state once", describe(state)));
  if (type(state).dtype != type(next).dtype || type(state).shape != type(next).shape) {
    throw Error(
        fmt::format("assign: {} cannot take the value {}; the types must agree", describe(state), describe(next)));
  }
  pair->next = value(next.node, next.output);
}

std::vector<Value> Graph::apply(const Op& op, std::span<const Value> inputs, Attributes attributes) {
  if (op.infer == nullptr) throw Error(fmt::format("{}: the op has no type rule and cannot be applied", op.name));
  std::vector<TensorType> types;
  types.reserve(inputs.size());
  for (Value value : inputs) {
    require_value(value, op.name);
    types.push_back(type(value));
  }
  std::vector<TensorType> outputs = op.infer({.in = types, .out = {}, .attributes = attributes});
  std::vector<Value> own;  // these refer to this graph, whatever the caller's values refer to
  for (const Value input : inputs) own.push_back(value(input.node, input.output));
  const Value first = append({.op = &op,
                              .inputs = std::move(own),
                              .attributes = std::move(attributes),
                              .outputs = std::move(outputs),
                              .name = {}});
  std::vector<Value> results;
  for (std::size_t k = 0; k < node(first.node).outputs.size(); ++k) {
    results.push_back(value(first.node, static_cast<std::int32_t>(k)));
  }
  return results;
}

Value Graph::set_name(Value value, std::string name) {
  require_value(value, "set_name");
  Node& node = nodes_[static_cast<std::size_t>(value.node)];
  if (node.op != &input_op() && node.op != &state_op()) node.name = std::move(name);
  return this->value(value.node, value.output);
}

namespace {
std::string value_name(const Graph& graph, Value value) {
  return graph.node(value.node).outputs.size() == 1 ? fmt::format("%{}", value.node)
                                                    : fmt::format("%{}.{}", value.node, value.output);
}
}  // namespace

std::string Graph::describe(Value value) const {
  const Node& node = this->node(value.node);
  return fmt::format("{} {}{} {}", value_name(*this, value), node.op->name,
                     node.name.empty() ? "" : fmt::format(" \"{}\"", node.name), type(value).to_string());
}

std::string Graph::to_string() const {
  std::string text;
  for (NodeId id = 0; id < size(); ++id) {
    const Node& node = this->node(id);
    std::vector<std::string> operands;
    for (Value value : node.inputs) operands.push_back(value_name(*this, value));
    if (!node.attributes.items().empty()) operands.push_back(node.attributes.to_string());
    std::vector<std::string> types;
    for (const TensorType& type : node.outputs) types.push_back(type.to_string());
    text += fmt::format("%{} = {}({}) : {}{}\n", id, node.op->name, fmt::join(operands, ", "), fmt::join(types, ", "),
                        node.name.empty() ? "" : fmt::format("  # {}", node.name));
  }
  for (const StatePair& pair : states_) {
    if (pair.next) text += fmt::format("{} <- {}\n", node(pair.old.node).name, value_name(*this, pair.next));
  }
  return text;
}

View View::dense(const Shape& shape) {
  View view{.offset = 0, .shape = shape, .strides = {}};
  std::int64_t stride = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    view.strides[static_cast<std::size_t>(axis)] = stride;
    stride *= shape[axis];
  }
  return view;
}

bool View::is_dense() const {
  std::int64_t stride = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    if (shape[axis] != 1 && strides[static_cast<std::size_t>(axis)] != stride) return false;
    stride *= shape[axis];
  }
  return true;
}

bool View::is_one_element() const {
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] != 1 && strides[static_cast<std::size_t>(axis)] != 0) return false;
  }
  return true;
}

}  // namespace hillock

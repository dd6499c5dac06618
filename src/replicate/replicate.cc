// Walks from the first node to the last. Each op's rule builds one node that computes all copies of it.
#include "replicate/replicate.h"

#include <algorithm>
#include <span>
#include <utility>

#include "ops/replicate_rule.h"

namespace hillock {

std::optional<Replication> Replication::of(const Graph& alone, std::int64_t replicas,
                                           const std::function<bool(std::string_view)>& shares) {
  Replication result(alone, replicas);
  for (NodeId id = 0; id < alone.size(); ++id) {
    if (!result.add_node(id, shares)) return std::nullopt;
  }
  for (const StatePair& pair : alone.states()) {
    if (pair.next) result.graph_.assign(result[pair.old], result[pair.next]);
  }
  return result;
}

Value Replication::operator[](Value alone) {
  Copies& known = copies(alone);
  if (!known.wide) known.wide = widened(graph_, known.operand, replicas_);
  return known.wide;
}

void Replication::remember(std::vector<Value> results, bool shared) {
  std::vector<Copies>& values = values_.emplace_back();
  for (const Value value : results) values.push_back({{value, shared}, {}});
}

bool Replication::add_node(NodeId id, const std::function<bool(std::string_view)>& shares) {
  const Node& node = alone_->node(id);
  const bool is_input = node.op == &input_op();
  if (is_input || node.op == &state_op()) {
    TensorType type = node.outputs[0];
    const bool shared = is_input && shares(node.name);
    if (!shared) type.shape = with_replicas(type.shape, replicas_);
    remember({is_input ? graph_.input(node.name, type) : graph_.state(node.name, type)}, shared);
    return true;
  }
  std::vector<ReplicaOperand> in;
  std::vector<TensorType> types;
  for (const Value value : node.inputs) {
    in.push_back(copies(value).operand);
    types.push_back(alone_->type(value));
  }
  const bool shared = std::ranges::all_of(in, &ReplicaOperand::shared);
  std::vector<Value> results;
  if (shared || node.op->pointwise != nullptr) {
    std::vector<Value> operands;
    for (const Value value : node.inputs) operands.push_back(shared ? copies(value).operand.value : (*this)[value]);
    results = graph_.apply(*node.op, operands, node.attributes);
  } else if (node.op->replicate != nullptr) {
    const OpSignature signature{.in = types, .out = node.outputs, .attributes = node.attributes};
    results = node.op->replicate(graph_, signature, in, replicas_);
  }
  if (results.empty()) return false;
  if (!node.name.empty()) graph_.set_name(results[0], node.name);
  remember(std::move(results), shared);
  return true;
}

bool same_graph(const Graph& x, const Graph& y) {
  const auto same_node = [](const Node& a, const Node& b) {
    const bool named = a.op == &input_op() || a.op == &state_op();
    return a.op == b.op && a.inputs == b.inputs && a.attributes == b.attributes && a.outputs == b.outputs &&
           (!named || a.name == b.name);
  };
  const auto same_pair = [](const StatePair& a, const StatePair& b) { return a.old == b.old && a.next == b.next; };
  return std::ranges::equal(x.nodes(), y.nodes(), same_node) && std::ranges::equal(x.states(), y.states(), same_pair) &&
         std::ranges::equal(x.inputs(), y.inputs());
}

}  // namespace hillock

// The graph verifier.
#include "ir/verify.h"

#include <fmt/format.h>

#include <set>
#include <stdexcept>

#include "hillock/op.h"
#include "ir/op_record.h"

namespace hillock {
namespace {

[[noreturn]] void fail(const Graph& graph, NodeId id, const std::string& what) {
  throw std::logic_error(fmt::format("verify: node %{} ({}): {}", id, graph.node(id).op->name, what));
}

void verify_operands(const Graph& graph, NodeId id) {
  for (Value value : graph.node(id).inputs) {
    if (value.node < 0 || value.node >= id)
      fail(graph, id, fmt::format("operand %{} does not come earlier", value.node));
    if (value.output < 0 || static_cast<std::size_t>(value.output) >= graph.node(value.node).outputs.size()) {
      fail(graph, id, fmt::format("operand %{} has no output {}", value.node, value.output));
    }
  }
}

void verify_types(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  std::vector<TensorType> types;
  for (Value value : node.inputs) types.push_back(graph.type(value));
  if (node.op->infer({.in = types, .out = {}, .attributes = node.attributes}) != node.outputs) {
    fail(graph, id, "the recorded types are not what the type rule gives");
  }
}

void verify_record(const Graph& graph, NodeId id) {
  const Op& op = *graph.node(id).op;
  const int ways = (op.pointwise != nullptr) + (op.view != nullptr) + (op.kernel != nullptr) + op.concatenates;
  if (ways != 1) fail(graph, id, fmt::format("the op's record has {} ways to run, not one", ways));
  if (op.reference == nullptr) fail(graph, id, "the op has no reference");
  if (const std::string_view lacking = lacking_in(op); !lacking.empty())
    fail(graph, id, fmt::format("the op's record needs {}", lacking));
  if (const std::string wrong = wrong_with(graph, id); !wrong.empty()) fail(graph, id, wrong);
}

}  // namespace

void verify(const Graph& graph) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (node.op == &input_op() || node.op == &state_op()) continue;
    verify_operands(graph, id);
    verify_types(graph, id);
    verify_record(graph, id);
  }
  std::set<Value> seen;
  for (const StatePair& pair : graph.states()) {
    if (!seen.insert(pair.old).second) fail(graph, pair.old.node, "the state is listed twice");
    if (pair.next && (graph.type(pair.next).shape != graph.type(pair.old).shape ||
                      graph.type(pair.next).dtype != graph.type(pair.old).dtype)) {
      fail(graph, pair.old.node, "the next value has another type");
    }
  }
}

}  // namespace hillock

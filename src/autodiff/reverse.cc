// Backpropagation. From the last node to the first, each op's rule turns the cotangents of its outputs into those of
// its inputs. The cotangents of a value that is used more than once are added (the chain rule over all paths).
#include "autodiff/reverse.h"

#include <fmt/format.h>

#include <map>

#include "hillock/error.h"
#include "hillock/op.h"

namespace hillock {
namespace {

// needed[n] tells whether a value of `wrt` is reachable from node n through its operands, so that the cotangent of n is
// worth computing.
std::vector<bool> nodes_that_depend_on(const Graph& graph, std::span<const Value> wrt, NodeId last) {
  std::vector<bool> needed(static_cast<std::size_t>(last) + 1, false);
  for (Value value : wrt) {
    if (value.node <= last) needed[static_cast<std::size_t>(value.node)] = true;
  }
  for (NodeId id = 0; id <= last; ++id) {
    const Node& node = graph.node(id);
    if (node.op->gradient == nullptr) continue;
    for (Value value : node.inputs) {
      if (needed[static_cast<std::size_t>(value.node)]) needed[static_cast<std::size_t>(id)] = true;
    }
  }
  return needed;
}

void require_float(const Graph& graph, Value value, std::string_view what) {
  if (value.node < 0 || value.node >= graph.size() || value.output < 0 ||
      static_cast<std::size_t>(value.output) >= graph.node(value.node).outputs.size()) {
    throw Error(fmt::format("gradients: {} is not a value of this graph; pass values that this graph returned", what));
  }
  if (!is_float(graph.type(value).dtype)) {
    throw Error(
        fmt::format("gradients: {} {} is not of a float type; integers have no gradient", what, graph.describe(value)));
  }
}

// A rule must give for each input either nothing or a value of the input's type.
void require_fitting(const Graph& graph, NodeId id, const std::vector<Value>& din) {
  const Node& node = graph.node(id);
  if (din.size() != node.inputs.size()) {
    throw Error(fmt::format("gradients: the rule of op \"{}\" gave {} values for {} inputs; correct the rule",
                            node.op->name, din.size(), node.inputs.size()));
  }
  for (std::size_t k = 0; k < din.size(); ++k) {
    if (!din[k]) continue;
    const TensorType &in = graph.type(node.inputs[k]), &given = graph.type(din[k]);
    if (in.dtype == given.dtype && in.shape == given.shape) continue;
    throw Error(fmt::format("gradients: the rule of op \"{}\" gave {} for input {}, which is {}; correct the rule",
                            node.op->name, given.to_string(), k, in.to_string()));
  }
}

// Calls the node's rule and adds what it returns to the cotangents of the node's inputs.
void propagate(Graph& graph, NodeId id, const std::vector<bool>& needed, std::map<Value, Value>& cotangents,
               const CotangentAlgebra& algebra) {
  std::vector<Value> dout;
  bool reached = false;
  for (std::size_t k = 0; k < graph.node(id).outputs.size(); ++k) {
    const auto found = cotangents.find({id, static_cast<std::int32_t>(k)});
    dout.push_back(found == cotangents.end() ? Value{} : found->second);
    reached |= found != cotangents.end();
  }
  if (!reached) return;
  const std::vector<Value> din = graph.node(id).op->gradient(graph, id, dout);
  const std::vector<Value> inputs = graph.node(id).inputs;  // a copy, because the rule appends nodes
  require_fitting(graph, id, din);
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (!din[k] || !needed[static_cast<std::size_t>(inputs[k].node)]) continue;
    const auto [slot, fresh] = cotangents.try_emplace(inputs[k], din[k]);
    if (!fresh) slot->second = algebra.add(graph, slot->second, din[k]);
  }
}

}  // namespace

std::vector<Value> reverse_walk(Graph& graph, Value of, std::span<const Value> wrt, const CotangentAlgebra& algebra) {
  require_float(graph, of, "the differentiated value");
  if (graph.type(of).shape.rank() != 0) {
    throw Error(fmt::format("gradients: {} is not a scalar; sum or average it first", graph.describe(of)));
  }
  for (Value value : wrt) {
    require_float(graph, value, "the variable");
    const Node& node = graph.node(value.node);
    if (node.op->pointwise != nullptr && node.inputs.empty()) {
      throw Error(
          fmt::format("gradients: {} is a constant, which may have been computed with already; differentiate with "
                      "respect to an input or a state",
                      graph.describe(value)));
    }
  }

  const std::vector<bool> needed = nodes_that_depend_on(graph, wrt, of.node);
  std::map<Value, Value> cotangents;
  cotangents[of] = algebra.constant(graph, graph.type(of), 1.0);
  for (NodeId id = of.node; id >= 0; --id) {
    if (needed[static_cast<std::size_t>(id)] && graph.node(id).op->gradient != nullptr) {
      propagate(graph, id, needed, cotangents, algebra);
    }
  }
  std::vector<Value> results;
  for (Value value : wrt) {
    const auto found = cotangents.find(value);
    results.push_back(found != cotangents.end() ? found->second : algebra.constant(graph, graph.type(value), 0.0));
  }
  return results;
}

}  // namespace hillock

// The naive runner.
#include "hillock/naive.h"

#include <fmt/format.h>

#include <cmath>

#include "core/float_mode.h"
#include "hillock/error.h"
#include "hillock/op.h"

namespace hillock {
namespace {

const Tensor& required(const Graph& graph, NodeId id, const Tensor* found) {
  const Node& node = graph.node(id);
  if (found == nullptr) throw Error(fmt::format("naive run: {} \"{}\" is missing", node.op->name, node.name));
  if (found->dtype() != node.outputs[0].dtype || found->shape() != node.outputs[0].shape) {
    throw Error(fmt::format("naive run: {} \"{}\" is {}, got {}", node.op->name, node.name, node.outputs[0].to_string(),
                            found->type().to_string()));
  }
  return *found;
}

std::vector<Tensor> compute(const Node& node, const NaiveRun& run) {
  if (node.op->reference == nullptr) {
    throw Error(fmt::format("naive run: op \"{}\" has no reference; add one to its record", node.op->name));
  }
  std::vector<TensorType> types;
  std::vector<const void*> in;
  for (Value value : node.inputs) {
    types.push_back(run.at(value).type());
    in.push_back(run.at(value).raw());
  }
  std::vector<Tensor> results;
  std::vector<void*> out;
  for (const TensorType& type : node.outputs) results.emplace_back(type);
  for (Tensor& tensor : results) out.push_back(tensor.raw());
  node.op->reference(
      {.signature = {.in = types, .out = node.outputs, .attributes = node.attributes}, .in = in, .out = out});
  return results;
}

bool is_finite(const Tensor& tensor) {
  if (!is_float(tensor.dtype())) return true;
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    if (!std::isfinite(tensor.at(i))) return false;
  }
  return true;
}

}  // namespace

NaiveRun run_naive(const Graph& graph, const std::map<std::string, Tensor>& inputs, const Store& store) {
  const FlushToZero mode;
  NaiveRun run;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (node.op == &input_op()) {
      const auto found = inputs.find(node.name);
      run.values.push_back({required(graph, id, found == inputs.end() ? nullptr : &found->second)});
    } else if (node.op == &state_op()) {
      run.values.push_back({required(graph, id, store.has(node.name) ? &store.get(node.name) : nullptr)});
    } else {
      run.values.push_back(compute(node, run));
    }
  }
  return run;
}

Value first_not_finite(const Graph& graph, const NaiveRun& run) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    for (std::int32_t k = 0; k < static_cast<std::int32_t>(graph.node(id).outputs.size()); ++k) {
      if (!is_finite(run.at({id, k}))) return {id, k};
    }
  }
  return {};
}

}  // namespace hillock

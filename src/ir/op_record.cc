#include "ir/op_record.h"

#include <fmt/format.h>

#include "hillock/error.h"

namespace hillock {
namespace {

std::string wrong_with_pointwise(const Graph& graph, const Node& node) {
  const TensorType& out = node.outputs[0];
  if (!is_float(out.dtype)) return fmt::format("a pointwise op gives f32 or f64, not {}", out.to_string());
  if (node.inputs.size() > PointwiseRule::kMaxOperands) {
    return fmt::format("a pointwise op takes {} operands at most, not {}", PointwiseRule::kMaxOperands,
                       node.inputs.size());
  }
  for (const Value value : node.inputs) {
    const TensorType& type = graph.type(value);
    if (type.dtype == out.dtype && type.shape == out.shape) continue;
    return fmt::format("a pointwise op's operands have the type of its output: {} for {}", type.to_string(),
                       out.to_string());
  }
  return {};
}

std::string wrong_with_parts(const Graph& graph, const Node& node) {
  std::int64_t elements = 0;
  for (const Value value : node.inputs) {
    if (graph.type(value).dtype != node.outputs[0].dtype)
      return fmt::format("parts of {} make no {}", graph.type(value).to_string(), node.outputs[0].to_string());
    elements += graph.type(value).elements();
  }
  if (elements == node.outputs[0].elements()) return {};
  return fmt::format("{} elements one after another make no {}", elements, node.outputs[0].to_string());
}

}  // namespace

std::string_view lacking_in(const Op& op) {
  if (op.name.empty()) return "a name";
  if (op.infer == nullptr) return "a type rule (infer)";
  if (op.reference == nullptr) return "a reference";
  const int ways = (op.pointwise != nullptr) + (op.view != nullptr) + (op.kernel != nullptr) + op.concatenates;
  if (ways != 1) return "exactly one way to run (pointwise, view, kernel or concatenates)";
  if (op.pointwise != nullptr && (op.pointwise->f32 == nullptr || op.pointwise->f64 == nullptr))
    return "both functions of its pointwise rule (f32 and f64)";
  return {};
}

std::string wrong_with(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Op& op = *node.op;
  if (node.outputs.empty()) return "the type rule gives no output";
  if (op.kernel != nullptr) return {};
  if (node.outputs.size() != 1)
    return fmt::format("the type rule gives {} outputs, and only an op with a kernel has more than one",
                       node.outputs.size());
  if (op.pointwise != nullptr) return wrong_with_pointwise(graph, node);
  if (op.concatenates) return wrong_with_parts(graph, node);
  if (node.inputs.size() != 1 || graph.type(node.inputs[0]).dtype != node.outputs[0].dtype)
    return "an op that is a view sees one operand, with its dtype";
  return {};
}

void require_complete_ops(const Graph& graph) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Op& op = *graph.node(id).op;
    if (&op == &input_op() || &op == &state_op()) continue;
    if (const std::string_view lacking = lacking_in(op); !lacking.empty())
      throw Error(fmt::format("plan: the record of op \"{}\" needs {}", op.name, lacking));
    if (const std::string wrong = wrong_with(graph, id); !wrong.empty())
      throw Error(fmt::format("plan: op \"{}\": {}; correct its record (docs/adding-an-op.md)", op.name, wrong));
  }
}

}  // namespace hillock

// Runs the planner's stages, turns the draft into a plan, and compares plans.
#include "hillock/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "hillock/error.h"
#include "ir/kernel_table.h"
#include "ir/op_record.h"
#include "ir/verify.h"
#include "plan/draft.h"
#include "plan/verify.h"

namespace hillock {

class PlanBuilder {
 public:
  PlanBuilder(const Graph& graph, const PlanOptions& options, Plan& plan)
      : graph_(graph), options_(options), plan_(plan) {}

  void build() {
    require_outputs();
    require_complete_ops(graph_);
    verify(graph_);
    draft_ = lower(graph_, options_, fuse(graph_, options_));
    order_steps(draft_);
    const ArenaSize size = place(draft_);
    verify(draft_);
    plan_.arena_bytes_ = size.bytes;
    plan_.peak_live_bytes_ = size.peak_live_bytes;
    describe_ends();
    plan_.prologue_steps_ = draft_.prologue_steps;
    plan_.first_write_ = draft_.steps.size();
    plan_.steps_.reserve(draft_.steps.size());
    for (std::size_t s = 0; s < draft_.steps.size(); ++s) {
      emit(draft_.steps[s], plan_.steps_.emplace_back());
      if (draft_.steps[s].overwrites >= 0) plan_.first_write_ = std::min(plan_.first_write_, s);
    }
    for (const Step& step : plan_.steps_)
      plan_.workspace_bytes_ = std::max(plan_.workspace_bytes_, step.workspace_bytes());
  }

 private:
  void require_outputs() const {
    if (options_.update && options_.constant_states)
      throw Error("plan: an update changes states that are said to be constant; leave out one of the two");
    for (Value value : options_.outputs) {
      if (value.node >= 0 && value.node < graph_.size() && value.output >= 0 &&
          static_cast<std::size_t>(value.output) < graph_.node(value.node).outputs.size()) {
        continue;
      }
      throw Error(
          fmt::format("plan: output %{}.{} is not a value of this graph, which has {} nodes; pass values that this "
                      "graph returned",
                      value.node, value.output, graph_.size()));
    }
  }

  void describe_ends() {
    for (Value value : graph_.inputs()) plan_.inputs_.push_back({graph_.node(value.node).name, graph_.type(value)});
    for (const StatePair& pair : graph_.states()) {
      plan_.states_.push_back({graph_.node(pair.old.node).name, graph_.type(pair.old)});
    }
    for (std::size_t k = 0; k < options_.outputs.size(); ++k) {
      const Value value = options_.outputs[k];
      plan_.outputs_.push_back({graph_.node(value.node).name, graph_.type(value)});
      plan_.output_locations_.push_back(locate(draft_.outputs[k].storage, draft_.outputs[k].view.offset));
    }
  }

  const Storage& storage(StorageId id) const { return draft_.storages[static_cast<std::size_t>(id)]; }

  Location locate(StorageId id, std::int64_t element_offset) const {
    std::size_t bytes = static_cast<std::size_t>(element_offset) * size_in_bytes(storage(id).type.dtype);
    for (; storage(id).parent >= 0; id = storage(id).parent) bytes += storage(id).parent_offset;
    const Storage& root = storage(id);
    if (root.kind == Location::Kind::arena) bytes += root.arena_offset;
    return {.kind = root.kind, .device = options_.device, .index = root.index, .bytes_offset = bytes};
  }

  void emit(DraftStep& draft, Step& step) {
    step.writes_state = draft.overwrites >= 0;
    for (StorageId out : draft.out) {
      step.out.push_back(locate(out, 0));
      step.bytes_written += storage(out).type.bytes();
    }
    // A program applies the offsets of its views itself; a kernel is given a pointer to the first element.
    step.in.reserve(draft.in.size());
    for (const Access& access : draft.in)
      step.in.push_back(locate(access.storage, draft.is_program ? 0 : access.view.offset));
    step.ops.reserve(draft.nodes.size());
    for (NodeId id : draft.nodes) step.ops.push_back({graph_.node(id).op, graph_.node(id).attributes});
    step.is_program = draft.is_program;
    step.bytes_read = bytes_read(draft);
    if (draft.is_program) {
      emit_program(draft, step);
    } else {
      emit_kernel(draft, step);
    }
    step.label = label_of(draft.nodes);
  }

  // The number of bytes of distinct elements that are read; a broadcast vector counts once.
  std::size_t bytes_read(const DraftStep& draft) const {
    std::size_t total = 0;
    for (const Access& access : draft.in) {
      std::size_t elements = 1;
      for (int axis = 0; axis < access.view.shape.rank(); ++axis) {
        if (access.view.strides[static_cast<std::size_t>(axis)] != 0)
          elements *= static_cast<std::size_t>(access.view.shape[axis]);
      }
      total += elements * size_in_bytes(storage(access.storage).type.dtype);
    }
    return total;
  }

  void emit_program(DraftStep& draft, Step& step) {
    for (const Access& access : draft.in)
      step.in_types.push_back({storage(access.storage).type.dtype, access.view.shape, {}});
    for (StorageId out : draft.out) step.out_types.push_back(storage(out).type);
    step.program = std::move(draft.program);
    step.reason = draft.nodes.empty() ? draft.reason : reason_of(step.program);
    if (draft.nodes.empty()) {
      step.name = "copy";
      return;
    }
    std::string names;
    for (NodeId id : draft.nodes) {
      const Node& node = graph_.node(id);
      if (!names.empty()) names += ", ";
      names += node.op->name;
      step.flops += static_cast<double>(step.program.elements) * node.op->pointwise->flops;
    }
    step.name = draft.nodes.size() == 1 ? names : fmt::format("fused({})", names);
  }

  // Why a program runs tile by tile instead of as a fused chain.
  static KernelReason reason_of(const PointwiseProgram& program) {
    if (program.fused != nullptr) return {};
    if (program.tiles() <= 1) return {"{} elements: one tile", {program.elements}};
    if (program.instructions.size() == 1)
      return {"{} elements: {} at a time", {program.elements, program.tile_elements}};
    return {"no fused chain of these ops on such operands: {} elements, {} at a time",
            {program.elements, program.tile_elements}};
  }

  void emit_kernel(const DraftStep& draft, Step& step) {
    const Node& node = graph_.node(draft.nodes.front());
    step.in_types.reserve(node.inputs.size());
    for (Value value : node.inputs) step.in_types.push_back(graph_.type(value));
    step.out_types = node.outputs;
    const OpSignature signature{.in = step.in_types, .out = step.out_types, .attributes = node.attributes};
    const KernelPlan planned = kernel_rule(*node.op, options_.device.backend)(signature);
    const bool empty = node.outputs[0].elements() == 0;
    if (planned.run == nullptr || planned.tiles < (empty ? 0 : 1)) {
      throw Error(fmt::format("plan: op {} gave no kernel{} for {}; correct its kernel rule", node.op->name,
                              planned.run == nullptr ? "" : " with tiles", graph_.describe({draft.nodes.front(), 0})));
    }
    step.name = planned.name;
    step.kernel = choice_of(planned);
    step.reason = planned.reason;
    if (node.op->flops != nullptr) step.flops = node.op->flops(signature);
  }

  std::string label_of(const std::vector<NodeId>& nodes) const {
    std::string label;
    for (NodeId id : nodes) {
      const std::string& name = graph_.node(id).name;
      if (name.empty()) continue;
      if (!label.empty()) label += ", ";
      label += name;
    }
    return label;
  }

  const Graph& graph_;
  const PlanOptions& options_;
  Plan& plan_;
  Draft draft_;
};

Plan::Plan(const Graph& graph, const PlanOptions& options) { PlanBuilder(graph, options, *this).build(); }

std::size_t Plan::bytes_moved() const {
  std::size_t total = 0;
  for (const Step& step : steps_) total += step.bytes_read + step.bytes_written;
  return total;
}

double Plan::flops() const {
  double total = 0;
  for (const Step& step : steps_) total += step.flops;
  return total;
}

bool PointwiseProgram::Instruction::operator==(const Instruction& other) const {
  return op == other.op && in == other.in && inputs == other.inputs && out == other.out &&
         std::memcmp(parameters.data(), other.parameters.data(), sizeof parameters) == 0;
}

bool Step::operator==(const Step& other) const {
  return name == other.name && ops == other.ops && in_types == other.in_types && out_types == other.out_types &&
         is_program == other.is_program && kernel == other.kernel && program == other.program && in == other.in &&
         out == other.out && flops == other.flops && writes_state == other.writes_state;
}

bool Plan::operator==(const Plan& other) const {
  return steps_ == other.steps_ && inputs_ == other.inputs_ && states_ == other.states_ &&
         std::ranges::equal(outputs_, other.outputs_, {}, &PlanTensor::type, &PlanTensor::type) &&
         output_locations_ == other.output_locations_ && prologue_steps_ == other.prologue_steps_ &&
         first_write_ == other.first_write_ && arena_bytes_ == other.arena_bytes_ &&
         workspace_bytes_ == other.workspace_bytes_;
}

}  // namespace hillock

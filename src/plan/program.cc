// Turns the members of a fused chain into a program: operands, instructions, and scratch tiles reused by lifetime.
#include "plan/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "hillock/error.h"

namespace hillock {
namespace {

PointwiseFunction function_for(const PointwiseRule& rule, DType dtype) {
  return dtype == DType::f32 ? rule.f32 : rule.f64;
}

PointwiseProgram::Instruction instruction_for(const Node& node) {
  const PointwiseRule& rule = *node.op->pointwise;
  PointwiseProgram::Instruction instruction;
  instruction.run = function_for(rule, node.outputs[0].dtype);
  instruction.inputs = static_cast<std::int16_t>(node.inputs.size());
  if (rule.parameters != nullptr) instruction.parameters = rule.parameters(node.attributes);
  return instruction;
}

// Hands out scratch tiles; a tile returns to the pool after its last reader.
class ScratchPool {
 public:
  explicit ScratchPool(std::int16_t first) : first_(first) {}
  std::int16_t take() {
    if (free_.empty()) return static_cast<std::int16_t>(first_ + used_++);
    const std::int16_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void give_back(std::int16_t slot) { free_.push_back(slot); }
  std::int16_t used() const { return used_; }

 private:
  std::int16_t first_;
  std::int16_t used_ = 0;
  std::vector<std::int16_t> free_;
};

class ProgramBuilder {
 public:
  ProgramBuilder(const Graph& graph, const ChainOfNodes& chain) : graph_(graph), chain_(chain) {}

  PointwiseProgram build() {
    const TensorType& type = graph_.type({chain_.members.front(), 0});
    program_.elements = type.elements();
    program_.element_bytes = size_in_bytes(type.dtype);
    program_.tile_elements = PointwiseProgram::kTileBytes / static_cast<std::int64_t>(program_.element_bytes);
    for (const Access& access : chain_.operands) program_.operands.push_back(access.view);
    program_.outputs = static_cast<std::int16_t>(chain_.outputs.size());

    ScratchPool pool(static_cast<std::int16_t>(chain_.operands.size() + chain_.outputs.size()));
    for (const Access& access : chain_.operands) {
      program_.load_scratch.push_back(access.view.is_dense() ? std::int16_t{-1} : pool.take());
    }
    count_readers();
    for (NodeId id : chain_.members) add_constants(id, pool);
    for (NodeId id : chain_.members) add_instruction(id, pool);
    program_.scratch_slots = pool.used();
    return std::move(program_);
  }

 private:
  void count_readers() {
    for (NodeId id : chain_.members) {
      for (Value value : graph_.node(id).inputs) ++readers_[value.node];
    }
  }

  // Constants keep their scratch tile: they are written once, before the first tile.
  void add_constants(NodeId id, ScratchPool& pool) {
    for (Value value : graph_.node(id).inputs) {
      const Node& node = graph_.node(value.node);
      if (!is_nullary_pointwise(node) || slots_.contains(value.node)) continue;
      PointwiseProgram::Instruction instruction = instruction_for(node);
      instruction.out = pool.take();
      slots_[value.node] = instruction.out;
      program_.preamble.push_back(instruction);
    }
  }

  void add_instruction(NodeId id, ScratchPool& pool) {
    const Node& node = graph_.node(id);
    PointwiseProgram::Instruction instruction = instruction_for(node);
    for (std::size_t k = 0; k < node.inputs.size(); ++k) instruction.in[k] = slot_of(node.inputs[k]);
    // Operands that are done with are released first: an instruction may write over what it reads.
    for (Value value : node.inputs) release(value.node, pool);
    const auto output = std::ranges::find(chain_.outputs, id);
    if (output != chain_.outputs.end()) {
      instruction.out =
          static_cast<std::int16_t>(chain_.operands.size() + static_cast<std::size_t>(output - chain_.outputs.begin()));
    } else {
      instruction.out = pool.take();
      scratch_of_member_[id] = instruction.out;
    }
    slots_[id] = instruction.out;
    program_.instructions.push_back(instruction);
  }

  std::int16_t slot_of(Value value) {
    const auto known = slots_.find(value.node);
    if (known != slots_.end()) return known->second;
    const auto operand = std::ranges::find(chain_.operands, chain_.access(value));
    return static_cast<std::int16_t>(operand - chain_.operands.begin());
  }

  void release(NodeId id, ScratchPool& pool) {
    const auto scratch = scratch_of_member_.find(id);
    if (scratch == scratch_of_member_.end() || --readers_[id] > 0) return;
    pool.give_back(scratch->second);
    scratch_of_member_.erase(scratch);
  }

  const Graph& graph_;
  const ChainOfNodes& chain_;
  PointwiseProgram program_;
  std::map<NodeId, std::int16_t> slots_;
  std::map<NodeId, std::int16_t> scratch_of_member_;
  std::map<NodeId, int> readers_;
};

}  // namespace

PointwiseProgram build_program(const Graph& graph, const ChainOfNodes& chain) {
  return ProgramBuilder(graph, chain).build();
}

PointwiseProgram build_copy(const View& view, DType dtype) {
  PointwiseProgram program;
  program.elements = view.shape.elements();
  program.element_bytes = size_in_bytes(dtype);
  program.tile_elements = PointwiseProgram::kTileBytes / static_cast<std::int64_t>(program.element_bytes);
  program.operands = {view};
  program.load_scratch = {view.is_dense() ? std::int16_t{-1} : std::int16_t{2}};
  program.outputs = 1;
  program.scratch_slots = view.is_dense() ? 0 : 1;
  program.instructions = {{.run = nullptr, .in = {0, 0, 0}, .inputs = 1, .out = 1, .parameters = {}}};
  return program;
}

bool may_overwrite(const PointwiseProgram& program, std::size_t operand, std::size_t output) {
  if (!program.operands[operand].is_dense()) return false;
  const auto out = static_cast<std::int16_t>(program.operands.size() + output);
  bool written = false;
  for (const PointwiseProgram::Instruction& instruction : program.instructions) {
    for (std::int16_t k = 0; k < instruction.inputs; ++k) {
      if (written && instruction.in[static_cast<std::size_t>(k)] == static_cast<std::int16_t>(operand)) return false;
    }
    written |= instruction.out == out;
  }
  return true;
}

}  // namespace hillock

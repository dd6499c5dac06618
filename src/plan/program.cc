// Turns the members of a fused chain into a program of operands, instructions, and scratch tiles that are reused.
#include "plan/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "core/float_mode.h"
#include "hillock/error.h"
#include "ir/fused_chain.h"
#include "ir/kernel_table.h"

namespace hillock {
namespace {

PointwiseProgram::Instruction instruction_for(const Node& node) {
  const PointwiseRule& rule = *node.op->pointwise;
  PointwiseProgram::Instruction instruction;
  instruction.op = node.op;
  instruction.inputs = static_cast<std::int16_t>(node.inputs.size());
  if (rule.parameters != nullptr) instruction.parameters = rule.parameters(node.attributes);
  return instruction;
}

// Allocates scratch tiles; a tile returns to the pool after its last reader.
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

// If the last axes are dense and all axes before them repeat these, the number of elements of the last axes.
std::optional<std::int64_t> row_columns(const View& view) {
  std::int64_t columns = 1;
  int axis = view.shape.rank() - 1;
  for (; axis >= 0 && (view.shape[axis] == 1 || view.strides[static_cast<std::size_t>(axis)] == columns); --axis)
    columns *= view.shape[axis];
  for (; axis >= 0; --axis) {
    if (view.shape[axis] != 1 && view.strides[static_cast<std::size_t>(axis)] != 0) return std::nullopt;
  }
  return columns;
}

// Compares a program with one fused chain, from the outputs back to the operands. The order of independent instructions
// does not matter.
class FusedMatch {
 public:
  FusedMatch(const PointwiseProgram& program, const FusedChain& chain)
      : program_(program), chain_(chain), leaf_slots_(chain.leaves.size(), kUnbound) {}

  bool matches() {
    if (program_.element_bytes != chain_.element_bytes || program_.instructions.size() != chain_.instructions.size() ||
        static_cast<std::size_t>(program_.outputs) != chain_.outputs.size()) {
      return false;
    }
    trace_operands();
    for (std::size_t k = 0; k < chain_.outputs.size(); ++k) {
      const auto output = producer_.find(static_cast<std::int16_t>(program_.operands.size() + k));
      if (output == producer_.end() || !same_instruction(output->second, chain_.outputs[k])) return false;
    }
    return partner_.size() == program_.instructions.size() && program_.elements > 0;
  }
  // The number of elements in a row, if the chain has rows.
  std::optional<std::int64_t> columns() const { return columns_; }

  // The chain's operands. Valid once the chain matches.
  std::vector<PointwiseProgram::Leaf> leaves() const {
    const FlushToZero mode;  // the mode in which the constants' own instructions would run
    std::vector<PointwiseProgram::Leaf> leaves;
    for (std::int16_t slot : leaf_slots_) {
      PointwiseProgram::Leaf leaf;
      if (const auto* constant = constant_in(slot)) {
        pointwise_function(*constant->op, Backend::cpu, program_.element_bytes)(
            {.in = nullptr, .out = leaf.constant.data(), .elements = 1, .parameters = constant->parameters.data()});
      } else {
        leaf.operand = slot;
      }
      leaves.push_back(leaf);
    }
    return leaves;
  }

 private:
  static constexpr std::int16_t kUnbound = -1;
  // What an instruction reads: the result of an earlier one, or the initial content of a slot.
  struct Source {
    std::int16_t instruction = -1;
    std::int16_t slot = -1;
  };

  // Slots are reused, so this finds out what each instruction really reads.
  void trace_operands() {
    for (std::size_t i = 0; i < program_.instructions.size(); ++i) {
      const PointwiseProgram::Instruction& instruction = program_.instructions[i];
      std::vector<Source>& sources = sources_.emplace_back();
      for (std::int16_t k = 0; k < instruction.inputs; ++k) {
        const std::int16_t slot = instruction.in[static_cast<std::size_t>(k)];
        const auto produced = producer_.find(slot);
        sources.push_back({produced == producer_.end() ? std::int16_t{-1} : produced->second, slot});
      }
      producer_[instruction.out] = static_cast<std::int16_t>(i);
    }
  }

  bool same_instruction(std::int16_t mine, std::int16_t wanted) {
    const auto known = partner_.find(mine);
    if (known != partner_.end()) return known->second == wanted;
    const PointwiseProgram::Instruction& instruction = program_.instructions[static_cast<std::size_t>(mine)];
    const FusedChain::Instruction& other = chain_.instructions[static_cast<std::size_t>(wanted)];
    const std::vector<Source>& sources = sources_[static_cast<std::size_t>(mine)];
    if (instruction.op != other.op || sources.size() != other.in.size()) return false;
    for (std::size_t k = 0; k < sources.size(); ++k) {
      const bool computed = sources[k].instruction >= 0;
      if (computed != (other.in[k] >= 0)) return false;
      if (computed ? !same_instruction(sources[k].instruction, other.in[k]) : !same_leaf(sources[k].slot, other.in[k]))
        return false;
    }
    partner_[mine] = wanted;
    return true;
  }
  bool same_leaf(std::int16_t slot, std::int16_t wanted) {
    const auto leaf = static_cast<std::size_t>(-1 - wanted);
    if (leaf_slots_[leaf] == kUnbound && may_be(slot, chain_.leaves[leaf])) leaf_slots_[leaf] = slot;
    return leaf_slots_[leaf] == slot;
  }
  bool may_be(std::int16_t slot, LeafKind kind) {
    if (constant_in(slot) != nullptr) return kind == LeafKind::one;
    const View& view = program_.operands[static_cast<std::size_t>(slot)];
    switch (kind) {
      case LeafKind::dense: return view.is_dense();
      case LeafKind::one: return view.is_one_element();
      case LeafKind::row: return has_rows(view);
    }
    return false;
  }
  // The rows of all such leaves must have the same length.
  bool has_rows(const View& view) {
    const std::optional<std::int64_t> columns = row_columns(view);
    if (!columns_) columns_ = columns;
    return columns && columns == columns_;
  }
  const PointwiseProgram::Instruction* constant_in(std::int16_t slot) const {
    const auto found = std::ranges::find(program_.preamble, slot, &PointwiseProgram::Instruction::out);
    return found == program_.preamble.end() ? nullptr : &*found;
  }

  const PointwiseProgram& program_;
  const FusedChain& chain_;
  std::vector<std::vector<Source>> sources_;       // by the program's instructions
  std::map<std::int16_t, std::int16_t> producer_;  // by slot: the last instruction that writes it
  // by the program's instructions: the matching instruction of the chain
  std::map<std::int16_t, std::int16_t> partner_;
  std::vector<std::int16_t> leaf_slots_;
  std::optional<std::int64_t> columns_;
};

void find_fused_chain(PointwiseProgram& program) {
  for (const FusedChain& chain : fused_chains()) {
    FusedMatch match(program, chain);
    if (!match.matches()) continue;
    program.fused = &chain;
    program.fused_leaves = match.leaves();
    if (match.columns()) {
      program.fused_columns = *match.columns();
      const std::int64_t rows = std::max<std::int64_t>(program.tile_elements / program.fused_columns, 1);
      program.tile_elements = rows * program.fused_columns;
    }
    return;
  }
}

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
    find_fused_chain(program_);
    return std::move(program_);
  }

 private:
  void count_readers() {
    for (NodeId id : chain_.members) {
      for (Value value : graph_.node(id).inputs) ++readers_[value.node];
    }
  }

  // Constants keep their scratch tile, since they are written only once, before the first tile.
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
    // Operands that are not used later are released first: an instruction may write over what it reads.
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
  program.instructions = {{.op = nullptr, .in = {0, 0, 0}, .inputs = 1, .out = 1, .parameters = {}}};
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

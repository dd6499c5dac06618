// A plan: the list of steps a session walks, with every decision made: what is fused, the order, where each buffer
// lies, which kernel runs and why.
//
// A plan is data: it says which ops its steps compute and holds no function; a session finds those when it binds. So
// two plans can be compared. Plans are immutable once made, refer to no graph and may be shared by many sessions and
// threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hillock/graph.h"
#include "hillock/op.h"
#include "hillock/tensor.h"

namespace hillock {

// Where buffers lie and steps run. The processor is the only one so far.
struct Device {
  Backend backend = Backend::cpu;
  bool operator==(const Device&) const = default;
};

// Which part of a graph to plan. Forward: outputs are predictions. Forward and gradients: outputs are the loss and the
// gradients. The whole training step: `update` is set and the graph's states take their next values.
struct PlanOptions {
  std::vector<Value> outputs{};
  bool update = false;
  bool fuse = true;  // false: one step for each pointwise op (for comparison)
  Device device{};
};

struct FusedChain;  // a chain of pointwise ops with a kernel of its own

// Where a step finds or leaves a tensor: `bytes_offset` into the arena, or into input or state number `index`.
struct Location {
  enum class Kind : std::uint16_t { arena, input, state };
  Kind kind = Kind::arena;
  Device device{};
  std::int32_t index = 0;
  std::size_t bytes_offset = 0;

  bool operator==(const Location&) const = default;
};

// A fused chain of pointwise ops, run tile by tile so that what passes between its instructions stays in the
// first-level cache. Slots number the tensors of the chain: operands first, then outputs, then scratch tiles.
struct PointwiseProgram {
  static constexpr std::int64_t kTileBytes = 4096;
  static constexpr std::size_t kMaxOperands = 24;
  static constexpr std::size_t kMaxInstructions = 96;

  struct Instruction {
    const Op* op = nullptr;  // a pointwise one; nullptr: copy slot in[0] to slot out
    std::array<std::int16_t, 3> in{};
    std::int16_t inputs = 0;
    std::int16_t out = 0;
    std::array<double, 2> parameters{};

    bool operator==(const Instruction& other) const;  // parameters by their bits
  };

  // One of a fused chain's operands: an operand of the program or, where that is -1, a constant.
  struct Leaf {
    std::int16_t operand = -1;
    alignas(8) std::array<std::byte, 8> constant{};  // one element
    bool operator==(const Leaf&) const = default;
  };

  std::int64_t elements = 0;       // of the iteration space
  std::int64_t tile_elements = 0;  // kTileBytes worth of elements; whole rows where fused_columns is set
  std::size_t element_bytes = 4;
  std::vector<View> operands;              // how each operand is seen; element strides
  std::vector<std::int16_t> load_scratch;  // for an operand that is not dense: its scratch slot; else -1
  std::vector<Instruction> preamble;       // constants: run once, not once a tile
  std::vector<Instruction> instructions;
  std::int16_t outputs = 0;
  std::int16_t scratch_slots = 0;     // each of kTileBytes
  const FusedChain* fused = nullptr;  // of the table of chains: its kernel runs instead of the instructions
  std::vector<Leaf> fused_leaves;
  std::int64_t fused_columns = 0;  // 0: the chain has no rows

  std::int64_t tiles() const { return tile_elements == 0 ? 0 : (elements + tile_elements - 1) / tile_elements; }
  bool operator==(const PointwiseProgram&) const = default;
};

// What was decided about an op's kernel.
struct KernelChoice {
  std::int64_t tiles = 1;
  std::size_t workspace_bytes = 0;
  std::array<std::int64_t, 24> parameters{};
  bool operator==(const KernelChoice&) const = default;
};
inline KernelChoice choice_of(const KernelPlan& planned) {
  return {.tiles = planned.tiles, .workspace_bytes = planned.workspace_bytes, .parameters = planned.parameters};
}

struct Step {
  // An op that the step computes, and with which attributes.
  struct Computed {
    const Op* op = nullptr;
    Attributes attributes;
    bool operator==(const Computed&) const = default;
  };

  std::string name;                             // "matmul.nn", "fused(add, relu)"
  std::string label;                            // the names of the nodes it computes, where they have any
  std::vector<Computed> ops;                    // one, or the members of a chain in their order; none: a copy
  std::vector<TensorType> in_types, out_types;  // as the ops see them
  KernelReason reason;                          // for what runs it; of a fused chain see reason_text()
  bool is_program = false;                      // runs `program`; otherwise the kernel of its one op
  KernelChoice kernel;
  PointwiseProgram program;
  std::vector<Location> in;
  std::vector<Location> out;
  double flops = 0;
  std::size_t bytes_read = 0;
  std::size_t bytes_written = 0;
  bool writes_state = false;

  Device device() const { return out.front().device; }  // every step has an output
  std::int64_t tiles() const { return is_program ? program.tiles() : kernel.tiles; }
  std::size_t workspace_bytes() const {
    return is_program ? static_cast<std::size_t>(program.scratch_slots) * PointwiseProgram::kTileBytes
                      : kernel.workspace_bytes;
  }
  std::string reason_text() const;  // "10 columns: short rows side by side", "fused chain bias + relu"; may be empty

  bool operator==(const Step&) const;  // of all but the label, the reason and the bytes moved
};

// A named tensor that a session binds (inputs) or finds in the store (states).
struct PlanTensor {
  std::string name;
  TensorType type;
  bool operator==(const PlanTensor&) const = default;
};

class Plan {
 public:
  // Throws Error if an output is not a value of `graph`.
  Plan(const Graph& graph, const PlanOptions& options);

  std::span<const Step> steps() const { return steps_; }
  std::span<const PlanTensor> inputs() const { return inputs_; }
  std::span<const PlanTensor> states() const { return states_; }
  std::span<const PlanTensor> outputs() const { return outputs_; }
  std::span<const Location> output_locations() const { return output_locations_; }

  // Steps [0, first_write) leave every state as it was.
  std::size_t first_write() const { return first_write_; }
  std::size_t arena_bytes() const { return arena_bytes_; }
  // The largest sum of the bytes of buffers that are needed at the same time: no arena can be smaller.
  std::size_t peak_live_bytes() const { return peak_live_bytes_; }
  std::size_t workspace_bytes() const { return workspace_bytes_; }  // for each thread
  std::size_t bytes_moved() const;                                  // read and written by all steps of one run
  double flops() const;

  // A table: for each step a line with its operations, bytes and buffers, and one below it with op, attributes, types
  // and the reason for its kernel; then the totals.
  std::string to_string() const;

  // Whether both compute the same in the same way: steps, kernels, buffers, and what is bound by which name. Names of
  // nodes and of outputs do not count.
  bool operator==(const Plan& other) const;

 private:
  friend class PlanBuilder;
  std::vector<Step> steps_;
  std::vector<PlanTensor> inputs_, states_, outputs_;
  std::vector<Location> output_locations_;
  std::size_t first_write_ = 0;
  std::size_t arena_bytes_ = 0;
  std::size_t peak_live_bytes_ = 0;
  std::size_t workspace_bytes_ = 0;
};

}  // namespace hillock

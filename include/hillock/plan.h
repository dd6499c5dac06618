// Plans: a graph compiled into a list of steps with every decision made, namely what is fused, the order, the place of
// each buffer, and which kernel runs and why.
//
// A plan is data: it names the ops that its steps compute but contains no functions, which a session looks up when it
// binds. Plans can therefore be compared. A plan does not refer to its graph. It holds pointers to ops (`const Op*`)
// and to the library's fused chains, both of which have static lifetime; a user-defined op must therefore never be
// destroyed. Plans are immutable and may be shared by many sessions and threads.
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

// Where buffers are stored and plan steps run. Only the CPU is supported so far.
struct Device {
  Backend backend = Backend::cpu;
  bool operator==(const Device&) const = default;
};

// What to plan: the computation of `outputs` and, if `update` is set, of the next values of the graph's states. Typical
// outputs are predictions (forward pass), or the loss and the gradients; with `update` this is a whole training step.
struct PlanOptions {
  std::vector<Value> outputs{};
  bool update = false;
  bool fuse = true;  // false: a separate plan step for each pointwise op, for comparison
  // The states do not change during the life of a session. What follows from them alone is computed once, when the
  // session is made.
  bool constant_states = false;
  Device device{};
};

struct FusedChain;  // a chain of pointwise ops with a kernel of its own

// Where a plan step reads or writes a tensor: at `bytes_offset` in the arena, or in the input or state number `index`.
struct Location {
  enum class Kind : std::uint16_t { arena, input, state };
  Kind kind = Kind::arena;
  Device device{};
  std::int32_t index = 0;
  std::size_t bytes_offset = 0;

  bool operator==(const Location&) const = default;
};

// A fused chain of pointwise ops, executed tile by tile so that intermediate results stay in the first-level cache.
// Slots number the tensors of the chain: first the operands, then the outputs, then scratch tiles.
struct PointwiseProgram {
  static constexpr std::int64_t kTileBytes = 4096;
  static constexpr std::size_t kMaxOperands = 24;
  static constexpr std::size_t kMaxInstructions = 96;

  struct Instruction {
    const Op* op = nullptr;  // a pointwise op with static lifetime; nullptr: copy slot in[0] to slot out
    std::array<std::int16_t, 3> in{};
    std::int16_t inputs = 0;
    std::int16_t out = 0;
    std::array<double, 2> parameters{};

    bool operator==(const Instruction& other) const;  // compares parameters by their bits
  };

  // An operand of the kernel of a fused chain: an operand of the program or, if `operand` is -1, a constant.
  struct Leaf {
    std::int16_t operand = -1;
    alignas(8) std::array<std::byte, 8> constant{};  // one element
    bool operator==(const Leaf&) const = default;
  };

  std::int64_t elements = 0;       // the number of elements of the iteration space
  std::int64_t tile_elements = 0;  // as many as fit into kTileBytes; whole rows if fused_columns is set
  std::size_t element_bytes = 4;
  std::vector<View> operands;              // the layout of each operand, with strides in elements
  std::vector<std::int16_t> load_scratch;  // the scratch slot of each operand that is not dense; -1 for dense ones
  std::vector<Instruction> preamble;       // instructions on constants, which run once instead of once per tile
  std::vector<Instruction> instructions;
  std::int16_t outputs = 0;
  std::int16_t scratch_slots = 0;     // of kTileBytes each
  const FusedChain* fused = nullptr;  // a chain of the library whose kernel replaces the instructions, or nullptr
  std::vector<Leaf> fused_leaves;
  std::int64_t fused_columns = 0;  // 0: the chain has no rows

  std::int64_t tiles() const { return tile_elements == 0 ? 0 : (elements + tile_elements - 1) / tile_elements; }
  bool operator==(const PointwiseProgram&) const = default;
};

// The part of a KernelPlan that a plan stores.
struct KernelChoice {
  std::int64_t tiles = 1;
  std::size_t workspace_bytes = 0;
  std::array<std::int64_t, 24> parameters{};
  bool operator==(const KernelChoice&) const = default;
};
inline KernelChoice choice_of(const KernelPlan& planned) {
  return {.tiles = planned.tiles, .workspace_bytes = planned.workspace_bytes, .parameters = planned.parameters};
}

// One step of a plan. (A training step is a whole plan; see hillock/step.h.)
struct Step {
  // An op that the plan step computes. `op` has static lifetime.
  struct Computed {
    const Op* op = nullptr;
    Attributes attributes;
    bool operator==(const Computed&) const = default;
  };

  std::string name;                             // "matmul.nn", "fused(add, relu)"
  std::string label;                            // the names of the nodes that it computes, if they have names
  std::vector<Computed> ops;                    // one op, or the members of a chain in order; empty: a copy
  std::vector<TensorType> in_types, out_types;  // as the ops see them
  KernelReason reason;                          // why its kernel was chosen; for fused chains see reason_text()
  bool is_program = false;                      // it runs `program`; otherwise it runs the kernel of its only op
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

  bool operator==(const Step&) const;  // ignores the label, the reason and the number of bytes moved
};

// A named tensor that a session binds (inputs) or finds in the store (states).
struct PlanTensor {
  std::string name;
  TensorType type;
  bool operator==(const PlanTensor&) const = default;
};

class Plan {
 public:
  // Throws Error if an output is not a value of `graph`, or if an update is asked for and states are constant.
  Plan(const Graph& graph, const PlanOptions& options);

  std::span<const Step> steps() const { return steps_; }
  std::span<const PlanTensor> inputs() const { return inputs_; }
  std::span<const PlanTensor> states() const { return states_; }
  std::span<const PlanTensor> outputs() const { return outputs_; }
  std::span<const Location> output_locations() const { return output_locations_; }

  // Steps [0, prologue_steps) follow from constant states alone. A session runs them once, when it is made.
  std::size_t prologue_steps() const { return prologue_steps_; }
  // Steps [0, first_write) do not change any state.
  std::size_t first_write() const { return first_write_; }
  std::size_t arena_bytes() const { return arena_bytes_; }
  // The largest total size of the buffers that are in use at the same time, a lower bound of the size of any arena.
  std::size_t peak_live_bytes() const { return peak_live_bytes_; }
  std::size_t workspace_bytes() const { return workspace_bytes_; }  // per thread
  std::size_t bytes_moved() const;                                  // read and written by all steps of one run
  double flops() const;

  // A table: for each step one line with its operations, bytes and buffers and one line with its op, attributes, types
  // and the reason for its kernel, followed by the totals.
  std::string to_string() const;

  // Whether both plans compute the same in the same way: equal steps, kernels, buffers, and names of inputs and states.
  // The names of nodes and outputs are ignored.
  bool operator==(const Plan& other) const;

 private:
  friend class PlanBuilder;
  std::vector<Step> steps_;
  std::vector<PlanTensor> inputs_, states_, outputs_;
  std::vector<Location> output_locations_;
  std::size_t prologue_steps_ = 0;
  std::size_t first_write_ = 0;
  std::size_t arena_bytes_ = 0;
  std::size_t peak_live_bytes_ = 0;
  std::size_t workspace_bytes_ = 0;
};

}  // namespace hillock

// The planner's data between graph and plan: steps that read and write storages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "hillock/graph.h"
#include "hillock/op.h"
#include "hillock/plan.h"

namespace hillock {

using StorageId = std::int32_t;
using UnitId = std::int32_t;

// A buffer. It is in the arena unless it is an input or a state, or is placed within another storage.
struct Storage {
  Location::Kind kind = Location::Kind::arena;
  std::int32_t index = -1;  // of the input or state
  TensorType type;
  StorageId parent = -1;  // this storage is bytes [parent_offset, …) of `parent`
  std::size_t parent_offset = 0;
  bool is_concatenation = false;  // whether other storages are written into it; not set if another takes over its bytes
  bool is_output = false;         // whether the caller reads it after the run
  std::size_t arena_offset = 0;
};

// How a step sees a storage: with strides in elements.
struct Access {
  StorageId storage = -1;
  View view;
  bool operator==(const Access&) const = default;
  bool covers(const Storage& whole) const {
    return view.offset == 0 && view.is_dense() && view.shape.elements() == whole.type.elements();
  }
};

struct DraftStep {
  std::vector<NodeId> nodes;  // the nodes it computes: one node, or the members of a fused chain; empty for a copy
  std::vector<Access> in;
  std::vector<StorageId> out;
  bool is_program = false;
  bool prologue = false;  // it follows from constant states alone
  PointwiseProgram program;
  KernelReason reason{};             // why it is copied; unused for other steps
  std::int64_t order = 0;            // its position in the graph, smallest first among steps that are ready
  StorageId overwrites = -1;         // the state storage whose old value this step destroys
  std::vector<std::size_t> after{};  // readers of that old value, which must run first
};

struct Draft {
  std::vector<Storage> storages;
  std::vector<DraftStep> steps;
  std::vector<Access> outputs;     // parallel to PlanOptions::outputs; dense
  bool constant_states = false;    // PlanOptions::constant_states
  std::size_t prologue_steps = 0;  // how many of the ordered steps run once
};

// --- stages, in order ---

// unit[n] is the chain that node n is fused into. It is -1 for nodes that are no step of their own: inputs, states,
// views, concatenations, nodes that nothing needs, and constants that are repeated in the chains that use them.
struct Fusion {
  std::vector<bool> needed;                  // by node
  std::vector<UnitId> unit;                  // by node
  std::vector<std::vector<NodeId>> members;  // by unit, ascending; empty for a unit that was merged into another
};
Fusion fuse(const Graph& graph, const PlanOptions& options);

// Lowers to steps over storages. Places inputs of concatenations in the result; updates states in place if possible.
Draft lower(const Graph& graph, const PlanOptions& options, const Fusion& fusion);

// Orders the steps: those that follow from constant states alone come first; producers before readers, readers of an
// old state before its writer, writers as late as possible.
void order_steps(Draft& draft);

// Lets pointwise steps write over the buffers of operands that are not used later, then gives every storage its place.
struct ArenaSize {
  std::size_t bytes = 0;
  std::size_t peak_live_bytes = 0;
};
ArenaSize place(Draft& draft);

// --- shared by the stages ---

// Whether the node computes its elements from no operand. Such a constant is repeated in every chain that uses it.
inline bool is_nullary_pointwise(const Node& node) { return node.op->pointwise != nullptr && node.inputs.empty(); }
StorageId root_of(const Draft& draft, StorageId id);
// The steps that write `id`: one, or one for each input of a concatenation.
std::vector<std::size_t> producers_of(const Draft& draft, StorageId id);
// Whether output number `output` of the program may be written over operand number `operand`: the operand must be
// dense, and must not be read after the output is first written.
bool may_overwrite(const PointwiseProgram& program, std::size_t operand, std::size_t output);

}  // namespace hillock

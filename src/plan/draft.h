// The planner's working form between the graph and the plan: steps that read and write storages.
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

// One buffer. It lies in the arena unless it is an input, a state, or a part of another storage.
struct Storage {
  Location::Kind kind = Location::Kind::arena;
  std::int32_t index = -1;  // of the input or state
  TensorType type;
  StorageId parent = -1;  // this storage is bytes [parent_offset, …) of `parent`
  std::size_t parent_offset = 0;
  bool has_parts = false;  // is some storage's parent because of a concatenation
  bool is_output = false;  // read by the caller after the run
  std::size_t arena_offset = 0;
};

// How a step sees a storage: through strides in elements.
struct Access {
  StorageId storage = -1;
  View view;
  bool operator==(const Access&) const = default;
  bool covers(const Storage& whole) const {
    return view.offset == 0 && view.is_dense() && view.shape.elements() == whole.type.elements();
  }
};

struct DraftStep {
  std::vector<NodeId> nodes;  // the nodes it computes: one, or the members of a fused chain; empty: a copy
  std::vector<Access> in;
  std::vector<StorageId> out;
  bool is_program = false;
  PointwiseProgram program;
  KernelReason reason{};             // of a copy
  std::int64_t order = 0;            // position in the graph; ties in the order go to the smaller
  StorageId overwrites = -1;         // the state storage whose old value this step destroys
  std::vector<std::size_t> after{};  // steps that must run before it for that reason
};

struct Draft {
  std::vector<Storage> storages;
  std::vector<DraftStep> steps;
  std::vector<Access> outputs;  // parallel to PlanOptions::outputs, dense
};

// --- stages, in order ---

// unit[n] for every node: the chain that node n is fused into, -1 for nodes that are no step of their own (inputs,
// states, views, concatenations, nodes that nothing needs, constants folded into their consumers).
struct Fusion {
  std::vector<bool> needed;                  // by node
  std::vector<UnitId> unit;                  // by node
  std::vector<std::vector<NodeId>> members;  // by unit, ascending; empty where a unit was merged away
};
Fusion fuse(const Graph& graph, const PlanOptions& options);

// Lowers graph and fusion to steps over storages; places concatenated parts and binds next states in place.
Draft lower(const Graph& graph, const PlanOptions& options, const Fusion& fusion);

// Orders the steps: producers before readers, readers of an old state before its writer, writers as late as possible.
void order_steps(Draft& draft);

// Lets pointwise outputs take over the buffers of operands that die there, then gives every storage its place.
struct ArenaSize {
  std::size_t bytes = 0;
  std::size_t peak_live_bytes = 0;
};
ArenaSize place(Draft& draft);

// --- shared by the stages ---

// True if `op` computes its elements from no operand: a constant, worth repeating in every chain that uses it.
inline bool is_nullary_pointwise(const Node& node) { return node.op->pointwise != nullptr && node.inputs.empty(); }
StorageId root_of(const Draft& draft, StorageId id);
// The steps that write `id`: one, or one for each part of a concatenation.
std::vector<std::size_t> producers_of(const Draft& draft, StorageId id);
// Whether the program's output number `output` may be written over operand number `operand`: it is read densely and
// never after the output is first written.
bool may_overwrite(const PointwiseProgram& program, std::size_t operand, std::size_t output);

}  // namespace hillock

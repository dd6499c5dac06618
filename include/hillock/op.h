// What an op is: a record of its type rule, gradient, reference and kernels, plus the facts that passes need about it.
//
// Ours and a user's are the same kind of record (docs/adding-an-op.md). A pass never asks which op it looks at; when it
// needs a fact, the fact is a field here. Records are immutable and have static lifetime; a graph keeps pointers to
// them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/graph.h"
#include "hillock/tensor.h"

namespace hillock {

// The operand types and attributes of one application.
struct OpSignature {
  std::span<const TensorType> in;
  std::span<const TensorType> out;  // empty while the type rule runs
  const Attributes& attributes;
};

// What a reference implementation gets: dense row-major buffers of the types in `signature`.
struct ReferenceCall {
  OpSignature signature;
  std::span<const void* const> in;
  std::span<void* const> out;
};

// Half-open range of tiles. The number of tiles of a step depends on shapes alone, never on the number of threads.
struct TileRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

// What a kernel gets at run time. Buffers are dense and row-major; an output may be a part of a larger buffer, so its
// alignment is that of its element type.
struct KernelCall {
  const void* const* in;
  void* const* out;
  const std::int64_t* parameters;  // what Op::kernel put into KernelPlan::parameters
  std::byte* workspace;            // KernelPlan::workspace_bytes for this thread alone, 64-byte aligned
};

using KernelFunction = void (*)(const KernelCall& call, TileRange tiles);

// Why a kernel runs and no other, in plain words with the sizes that decided, for the printed plan:
// {"{} columns: short rows side by side", {10}}.
struct KernelReason {
  std::string_view text{};  // each {} stands for the next of `numbers`; a literal, or something that lives as long
  std::array<std::int64_t, 4> numbers{};

  bool operator==(const KernelReason&) const = default;
  std::string to_string() const;
};

// What is decided about one application of an op when a plan is made, and the function that does it. The plan keeps all
// but the function.
struct KernelPlan {
  const char* name = "";  // shown in the printed plan: "matmul.nt"
  KernelFunction run = nullptr;
  std::int64_t tiles = 1;
  std::size_t workspace_bytes = 0;
  std::array<std::int64_t, 24> parameters{};  // numbers only: an address would not mean the same in another process
  KernelReason reason{};                      // may be left out
};
using KernelRule = KernelPlan (*)(const OpSignature&);

// What computes. An op's kernels are found by the op and the backend.
enum class Backend : std::uint16_t { cpu };

// A run of elements of pointwise operands: in[k][0, elements) -> out[0, elements). `out` may be one of `in`.
struct PointwiseCall {
  const void* const* in;
  void* out;
  std::int64_t elements;
  const double* parameters;  // what PointwiseRule::parameters wrote
};
using PointwiseFunction = void (*)(const PointwiseCall&);

// An op whose output element depends on the operands' elements at the same place only. All operands, three at most, and
// the one output have the same shape and dtype (f32 or f64). The planner fuses chains of them.
struct PointwiseRule {
  static constexpr std::size_t kMaxOperands = 3;
  PointwiseFunction f32 = nullptr;  // both are needed
  PointwiseFunction f64 = nullptr;
  std::array<double, 2> (*parameters)(const Attributes&) = nullptr;  // nullptr: none
  int flops = 1;                                                     // operations an element, for the printed plan
};

// How a tensor lies in a buffer: element (i0, i1, …) is at offset + Σ i_k strides[k], in elements.
struct View {
  std::int64_t offset = 0;
  Shape shape;
  std::array<std::int64_t, Shape::kMaxRank> strides{};

  static View dense(const Shape& shape);
  bool is_dense() const;        // row-major without gaps, whatever the offset
  bool is_one_element() const;  // every index leads to the same element

  bool operator==(const View&) const = default;
};

// An operand of several applications of an op side by side: with a last axis of replicas, or the same for all of them.
struct ReplicaOperand {
  Value value;
  bool shared = false;
};

struct Op {
  // The name used in printed graphs and by find_op; unique among registered ops.
  std::string_view name;
  std::string_view summary;

  // Type rule: output types from operand types and attributes. Throws Error with the reason if they do not fit.
  std::vector<TensorType> (*infer)(const OpSignature&) = nullptr;

  // Vector-Jacobian product: for each input its cotangent, as new nodes of the graph, given those of the outputs
  // (`dout`, one for each output; it refers to nothing where the output does not matter). A result that refers to
  // nothing means a gradient of zero. nullptr: not differentiable; the reverse walk treats the outputs as constants.
  std::vector<Value> (*gradient)(Graph& graph, NodeId node, std::span<const Value> dout) = nullptr;

  // The definition, as plain loops in canonical arithmetic (docs/numerics.md). Slow and always right. Every op that
  // computes has one.
  void (*reference)(const ReferenceCall&) = nullptr;

  // How it runs; exactly one of these for an op that computes:
  const PointwiseRule* pointwise = nullptr;  // fused and run tile by tile
  std::optional<View> (*view)(const OpSignature&,
                              const View& in) = nullptr;  // no work: input 0 seen through other strides;
                                                          // nullopt where that is impossible (input is then copied)
  // A kernel of its own. The rule is asked when a plan is made, and again whenever a session binds to the plan, which
  // takes the function: for the same signature it must decide the same.
  KernelRule kernel = nullptr;
  bool concatenates = false;  // the output is the inputs one after another; producers may write straight into it

  // Where its derivative jumps: a value whose sign says on which side the element lies, as a new node if need be.
  // nullptr: it has no such place. Finite differences keep to one side.
  Value (*kink)(Graph& graph, NodeId node) = nullptr;

  // `replicas` applications side by side, as nodes of `graph`: the results of `alone`, each with a last axis of
  // replicas, whose every element has the bits that it has alone. No results: not for these operands. nullptr:
  // pointwise ops apply as they are; others cannot be replicated.
  std::vector<Value> (*replicate)(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                                  std::int64_t replicas) = nullptr;

  // Operations of one application, for the printed plan (pointwise ops: PointwiseRule::flops). nullptr: none worth
  // counting.
  double (*flops)(const OpSignature&) = nullptr;
};

// The structural ops, which only mark where values come from.
const Op& input_op();
const Op& state_op();

// Every op of the library, in table-of-contents order (src/ops/all.h), followed by those registered by register_op.
std::vector<const Op*> registered_ops();
// Makes a user's op known to find_op. `op` must live for ever. Thread-safe. Throws Error if the name is taken or the
// record is incomplete.
void register_op(const Op& op);
const Op* find_op(std::string_view name);  // nullptr if unknown

}  // namespace hillock

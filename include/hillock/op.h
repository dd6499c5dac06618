// Op records: an op's type rule, gradient, reference implementation and kernels, and the facts that passes need about
// it.
//
// Built-in and user-defined ops use the same kind of record (docs/adding-an-op.md). A pass never asks which op it is
// dealing with; every fact that it needs is a field here. Records are immutable and must have static lifetime: graphs
// and plans hold pointers to them.
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

// The operand types and attributes of one application of an op.
struct OpSignature {
  std::span<const TensorType> in;
  std::span<const TensorType> out;  // empty while the type rule runs
  const Attributes& attributes;
};

// The arguments of a reference implementation: dense, row-major buffers of the types in `signature`.
struct ReferenceCall {
  OpSignature signature;
  std::span<const void* const> in;
  std::span<void* const> out;
};

// A half-open range of tiles. The number of tiles of a plan step depends only on shapes, never on the number of
// threads.
struct TileRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

// The arguments of a kernel at run time. Buffers are dense and row-major. An output may be part of a larger buffer and
// is aligned only for its element type.
struct KernelCall {
  const void* const* in;
  void* const* out;
  const std::int64_t* parameters;  // KernelPlan::parameters, as Op::kernel set them
  std::byte* workspace;            // KernelPlan::workspace_bytes for this thread alone, aligned to 64 bytes
};

using KernelFunction = void (*)(const KernelCall& call, TileRange tiles);

// Why this kernel was chosen, for the printed plan: a phrase with the sizes that decided it, such as
// {"{} columns: short rows side by side", {10}}.
struct KernelReason {
  std::string_view text{};  // each {} stands for the next of `numbers`; must have static lifetime
  std::array<std::int64_t, 4> numbers{};

  bool operator==(const KernelReason&) const = default;
  std::string to_string() const;
};

// What a kernel rule decides about one application of an op when a plan is made, and the function that executes it. The
// plan stores everything except the function.
struct KernelPlan {
  const char* name = "";  // shown in the printed plan: "matmul.nt"
  KernelFunction run = nullptr;
  std::int64_t tiles = 1;
  std::size_t workspace_bytes = 0;
  std::array<std::int64_t, 24> parameters{};  // numbers only: an address would be meaningless in another process
  KernelReason reason{};                      // optional
};
using KernelRule = KernelPlan (*)(const OpSignature&);

// A kind of device. Kernels are looked up by op and backend.
enum class Backend : std::uint16_t { cpu };

// A contiguous range of elements of pointwise operands: in[k][0, elements) -> out[0, elements). `out` may equal an
// `in`.
struct PointwiseCall {
  const void* const* in;
  void* out;
  std::int64_t elements;
  const double* parameters;  // as PointwiseRule::parameters returned them
};
using PointwiseFunction = void (*)(const PointwiseCall&);

// For an op each of whose output elements depends only on the operands' elements at the same position. It has at most
// three operands and one output, all of the same shape and dtype (f32 or f64). The planner fuses chains of such ops.
struct PointwiseRule {
  static constexpr std::size_t kMaxOperands = 3;
  PointwiseFunction f32 = nullptr;  // both functions are required
  PointwiseFunction f64 = nullptr;
  std::array<double, 2> (*parameters)(const Attributes&) = nullptr;  // nullptr: none
  int flops = 1;  // floating-point operations per element, for the printed plan
};

// The layout of a tensor in a buffer: element (i0, i1, …) is at offset + Σ i_k strides[k], in elements.
struct View {
  std::int64_t offset = 0;
  Shape shape;
  std::array<std::int64_t, Shape::kMaxRank> strides{};

  static View dense(const Shape& shape);
  bool is_dense() const;        // row-major without gaps, whatever the offset
  bool is_one_element() const;  // every index refers to the same element

  bool operator==(const View&) const = default;
};

// An operand of several replicas of one op application: either with a last axis of replicas, or shared by all of them.
struct ReplicaOperand {
  Value value;
  bool shared = false;
};

struct Op {
  // The name in printed graphs and for find_op; unique among registered ops.
  std::string_view name;
  std::string_view summary;

  // Type rule: the output types for these operand types and attributes. Throws Error, with the reason, if they do not
  // fit.
  std::vector<TensorType> (*infer)(const OpSignature&) = nullptr;

  // Vector-Jacobian product: returns the cotangent of each input, as new nodes of the graph, given the cotangents of
  // the outputs. `dout` has one entry per output, which refers to nothing if the loss does not depend on that output. A
  // returned value that refers to nothing means a zero gradient. nullptr: the op is not differentiable, and its outputs
  // count as constants.
  std::vector<Value> (*gradient)(Graph& graph, NodeId node, std::span<const Value> dout) = nullptr;

  // The definition of the op: plain loops in canonical arithmetic (docs/numerics.md), slow but always right. Required
  // for every op that computes.
  void (*reference)(const ReferenceCall&) = nullptr;

  // How the op is executed; an op that computes has exactly one of `pointwise`, `view`, `kernel` and
  // `concatenates`:
  const PointwiseRule* pointwise = nullptr;  // fused with its neighbours and run tile by tile
  std::optional<View> (*view)(const OpSignature&,
                              const View& in) = nullptr;  // no computation: input 0 with other strides; nullopt if
                                                          // that is impossible, and then the input is copied
  // A kernel of its own. The rule is called when a plan is made, and again when a session binds to the plan, to obtain
  // the function. It must decide the same for the same signature.
  KernelRule kernel = nullptr;
  bool concatenates = false;  // the output is the concatenation of the inputs; producers may write directly into it

  // For an op whose derivative is discontinuous: a value, perhaps a new node, whose sign tells on which side of the
  // discontinuity each element lies, so that finite differences can avoid crossing it. nullptr: there is none.
  Value (*kink)(Graph& graph, NodeId node) = nullptr;

  // Applies the op to `replicas` replicas at once, as nodes of `graph`: returns the results of `alone`, each with a
  // last axis of replicas, in which every element has the bits that it has alone. Returns no results if these operands
  // are not supported. nullptr: pointwise ops are applied as they are; other ops cannot be replicated.
  std::vector<Value> (*replicate)(Graph& graph, const OpSignature& alone, std::span<const ReplicaOperand> in,
                                  std::int64_t replicas) = nullptr;

  // The floating-point operations of one application, for the printed plan (pointwise ops: PointwiseRule::flops).
  // nullptr: none.
  double (*flops)(const OpSignature&) = nullptr;
};

// The ops of inputs and states. They compute nothing; they mark where values come from.
const Op& input_op();
const Op& state_op();

// Every built-in op, in the order of src/ops/all.h, followed by those added with register_op.
std::vector<const Op*> registered_ops();
// Adds a user-defined op, which find_op then knows. `op` must have static lifetime. Thread-safe. Throws Error if the
// name is taken or the record is incomplete.
void register_op(const Op& op);
const Op* find_op(std::string_view name);  // nullptr if unknown

}  // namespace hillock

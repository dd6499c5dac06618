// Incomplete records, and nodes whose types do not agree with them, are refused as soon as they are used.
#include "ir/op_record.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/error_testing.h"
#include "hillock/grad.h"
#include "hillock/naive.h"
#include "hillock/ops.h"
#include "hillock/plan.h"
#include "ir/verify.h"

namespace hillock {
namespace {

const TensorType kPlain{DType::f64, {3}, {}};

std::vector<TensorType> same_type(const OpSignature& signature) { return {signature.in[0]}; }
std::vector<TensorType> no_type(const OpSignature&) { return {}; }
std::vector<TensorType> two_types(const OpSignature& signature) { return {signature.in[0], signature.in[0]}; }
std::vector<TensorType> narrower(const OpSignature& signature) { return {{signature.in[0].dtype, {1}, {}}}; }
std::vector<TensorType> other_dtype(const OpSignature& signature) { return {{DType::f32, signature.in[0].shape, {}}}; }
void negated(const ReferenceCall& call) {
  const auto* in = static_cast<const double*>(call.in[0]);
  for (int i = 0; i < 3; ++i) static_cast<double*>(call.out[0])[i] = -in[i];
}
template <class T>
void negate(const PointwiseCall& call) {
  for (std::int64_t i = 0; i < call.elements; ++i) static_cast<T*>(call.out)[i] = -static_cast<const T*>(call.in[0])[i];
}
std::optional<View> as_it_is(const OpSignature&, const View& in) { return in; }
void do_nothing(const KernelCall&, TileRange) {}
KernelPlan without_tiles(const OpSignature&) { return {.name = "idle", .run = &do_nothing, .tiles = 0}; }
KernelPlan without_function(const OpSignature&) { return {.name = "empty"}; }

const PointwiseRule kOnlyF32{.f32 = &negate<float>};
const PointwiseRule kOnlyF64{.f64 = &negate<double>};
const PointwiseRule kBoth{.f32 = &negate<float>, .f64 = &negate<double>};

// A record that is complete except for `change`, which must have static lifetime.
template <class Change>
const Op& op_with(Change change) {
  static const Op op = [&] {
    Op record{.name = "negated", .summary = "", .infer = &same_type, .reference = &negated, .pointwise = &kBoth};
    change(record);
    return record;
  }();
  return op;
}

std::string plan_error(const Op& op, std::size_t operands = 1, TensorType type = kPlain) {
  Graph graph;
  std::vector<Value> in;
  for (std::size_t k = 0; k < operands; ++k) in.push_back(graph.input(fmt::format("x{}", k), type));
  const std::vector<Value> out = graph.apply(op, in);
  return error_of([&] { Plan(graph, {.outputs = {out.empty() ? in[0] : out[0]}}); });
}

TEST(OpRecord, IsCompleteWithAllThatAPlanGoesBy) {
  EXPECT_EQ(plan_error(op_with([](Op&) {})), "");
}

// Without its f64 function a pointwise op used to copy its first operand.
TEST(OpRecord, NeedsBothFunctionsOfAPointwiseRule) {
  const std::string says = "the record of \"negated\" needs both functions of its pointwise rule (f32 and f64)";
  const Op& only_f32 = op_with([](Op& op) { op.pointwise = &kOnlyF32; });
  const Op& only_f64 = op_with([](Op& op) { op.pointwise = &kOnlyF64; });
  for (const Op* op : {&only_f32, &only_f64}) {
    EXPECT_EQ(error_of([&] { register_op(*op); }), "register_op: " + says);
    EXPECT_EQ(plan_error(*op),
              "plan: the record of op \"negated\" needs both functions of its pointwise rule (f32 and "
              "f64)");
    Graph graph;
    graph.apply(*op, std::array{graph.input("x", kPlain)});
    EXPECT_THROW(verify(graph), std::logic_error);
  }
}

TEST(OpRecord, NeedsAReference) {
  const Op& op = op_with([](Op& record) { record.reference = nullptr; });
  EXPECT_EQ(plan_error(op), "plan: the record of op \"negated\" needs a reference");
  Graph graph;
  graph.apply(op, std::array{graph.input("x", kPlain)});
  EXPECT_EQ(error_of([&] {
              (void)run_naive(graph, {{"x", Tensor(kPlain)}}, Store());
            }),
            "naive run: op \"negated\" has no reference; add one to its record");
}

TEST(OpRecord, TypesFitItsWayToRun) {
  const auto refused = [](const Op& op, const std::string& says, std::size_t operands = 1, TensorType type = kPlain) {
    EXPECT_EQ(plan_error(op, operands, type).find("plan: op \"negated\": " + says), 0u)
        << plan_error(op, operands, type);
  };
  refused(op_with([](Op& op) { op.infer = &no_type; }), "the type rule gives no output");
  refused(op_with([](Op& op) { op.infer = &two_types; }), "the type rule gives 2 outputs");
  refused(op_with([](Op& op) { op.infer = &narrower; }), "a pointwise op's operands have the type of its output");
  refused(op_with([](Op& op) { op.infer = &other_dtype; }), "a pointwise op's operands have the type of its output");
  refused(op_with([](Op&) {}), "a pointwise op takes 3 operands at most, not 4", 4);
  refused(op_with([](Op&) {}), "a pointwise op gives f32 or f64, not i32[3]", 1, {DType::i32, {3}, {}});
  const Op& view = op_with([](Op& op) {
    op.pointwise = nullptr;
    op.view = &as_it_is;
  });
  refused(view, "an op that is a view sees one operand", 2);
  const Op& whole = op_with([](Op& op) {
    op.pointwise = nullptr;
    op.concatenates = true;
  });
  refused(whole, "6 elements one after another make no f64[3]", 2);
}

TEST(OpRecord, KernelsHaveAFunctionAndTiles) {
  const Op& idle = op_with([](Op& op) {
    op.pointwise = nullptr;
    op.kernel = &without_tiles;
  });
  EXPECT_EQ(plan_error(idle).find("plan: op negated gave no kernel with tiles for "), 0u) << plan_error(idle);
  const Op& empty = op_with([](Op& op) {
    op.pointwise = nullptr;
    op.kernel = &without_function;
  });
  EXPECT_EQ(plan_error(empty).find("plan: op negated gave no kernel for "), 0u) << plan_error(empty);
}

std::vector<Value> no_values(Graph&, NodeId, std::span<const Value>) { return {}; }
std::vector<Value> another_type(Graph& graph, NodeId, std::span<const Value>) {
  return {ops::constant(graph, DType::f64, {2}, 1.0)};
}

TEST(OpRecord, GradientRulesGiveAValueOfEachInputsType) {
  const auto refusal = [](const Op& op) {
    Graph graph;
    const Value x = graph.input("x", kPlain);
    const Value sum = ops::sum(graph, graph.apply(op, std::array{x})[0]);
    return error_of([&] { (void)gradients(graph, sum, std::array{x}); });
  };
  EXPECT_EQ(refusal(op_with([](Op& op) { op.gradient = &no_values; })),
            "gradients: the rule of op \"negated\" gave 0 values for 1 inputs; correct the rule");
  EXPECT_EQ(refusal(op_with([](Op& op) { op.gradient = &another_type; })),
            "gradients: the rule of op \"negated\" gave f64[2] for input 0, which is f64[3]; correct the rule");
}

}  // namespace
}  // namespace hillock

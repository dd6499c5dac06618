// Building graphs: what is refused, what is printed, and what the verifier finds.
#include "hillock/graph.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <stdexcept>

#include "hillock/error.h"
#include "hillock/op.h"
#include "hillock/ops.h"
#include "ir/verify.h"

namespace hillock {
namespace {

const TensorType kVector{DType::f32, {3}, {}};

template <class Function>
std::string message_of(Function function) {
  try {
    function();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Graph, GivesEachInputANameOfItsOwn) {
  Graph graph;
  graph.input("x", kVector);
  EXPECT_EQ(message_of([&] { graph.input("x", kVector); }),
            "graph: there is an input \"x\" already; give each input a name of its own");
}

TEST(Graph, IsFoundByItsValuesWhenItHasBeenMoved) {
  Graph first;
  const Value x = first.input("x", kVector);
  Graph second = std::move(first);
  const Value twice = x + x;
  EXPECT_EQ(second.type(twice).shape, kVector.shape);
  Graph third;
  third = std::move(second);
  const Value product = twice * x;
  EXPECT_EQ(third.size(), 3);
  EXPECT_EQ(product, third.value(2));
}

TEST(Graph, ACopyIsAGraphOfItsOwn) {
  Graph original;
  const Value x = original.input("x", kVector), state = original.state("s", kVector);
  original.assign(state, x + state);
  Graph copy = original;
  EXPECT_EQ(copy.to_string(), original.to_string());
  const Value in = copy.inputs()[0];
  const Value product = in * copy.states()[0].next;
  EXPECT_EQ(original.size(), 3);
  EXPECT_EQ(product, copy.value(3));
  EXPECT_THROW(in + x, Error);
}

// Whether a bare number was passed, or a value of the graph that this one was copied from.
TEST(Graph, KeepsValuesOfItsOwn) {
  Graph original;
  original.input("x", kVector);
  Graph copy = original;
  const Value negated = ops::negate(copy, Value{0, 0});
  const Value again = ops::negate(copy, original.value(0));
  for (const Value value : {negated, again}) {
    const NodeId next = copy.size();
    EXPECT_EQ((copy.node(value.node).inputs[0] + value).node, next);
  }
  EXPECT_EQ(original.size(), 1);
}

TEST(Graph, ReturnsTheSameStateForTheSameName) {
  Graph graph;
  const Value state = graph.state("w", kVector);
  EXPECT_EQ(graph.state("w", kVector), state);
  EXPECT_THROW(graph.state("w", {DType::f64, {3}, {}}), Error);
  EXPECT_EQ(graph.states().size(), 1u);
}

TEST(Graph, AssignsAStateOnceAndByItsType) {
  Graph graph;
  const Value x = graph.input("x", kVector);
  const Value w = graph.state("w", kVector);
  EXPECT_EQ(message_of([&] { graph.assign(x, w); }),
            "assign: %0 input \"x\" f32[3] is not a state; pass what state() returned");
  EXPECT_EQ(message_of([&] { graph.assign(w, ops::sum(graph, x)); }),
            "assign: %1 state \"w\" f32[3] cannot take the value %2 sum f32[]; the types must agree");
  graph.assign(w, x);
  EXPECT_EQ(message_of([&] { graph.assign(w, x); }),
            "assign: %1 state \"w\" f32[3] has its next value already; assign a state once");
}

TEST(Graph, RefusesValuesOfAnotherGraph) {
  Graph graph, other;
  const Value x = graph.input("x", kVector);
  other.input("x", kVector);
  const Value foreign = ops::exp(other, ops::exp(other, {0, 0}));
  EXPECT_THROW(ops::add(graph, x, foreign), Error);
  EXPECT_THROW(ops::add(graph, x, Value{}), Error);
  EXPECT_THROW(ops::add(graph, x, Value{0, 1}), Error);
  EXPECT_THROW(graph.set_name(foreign, "y"), Error);
}

TEST(Graph, RefusesOperandsThatDoNotFitAndStaysAsItWas) {
  Graph graph;
  const Value x = graph.input("x", kVector);
  const Value y = graph.input("y", {DType::f32, {4}, {}});
  const Value z = graph.input("z", {DType::f64, {3}, {}});
  EXPECT_THROW(ops::add(graph, x, y), Error);
  EXPECT_THROW(ops::add(graph, x, z), Error);
  EXPECT_THROW(ops::matmul(graph, x, x), Error);
  EXPECT_THROW(ops::reshape(graph, x, {4}), Error);
  EXPECT_THROW(ops::sum(graph, x, {1}), Error);
  EXPECT_EQ(graph.size(), 3);
  EXPECT_NO_THROW(verify(graph));
}

TEST(Graph, PrintsOneLineANode) {
  Graph graph;
  const Value x = graph.input("x", kVector);
  const Value w = graph.state("w", kVector);
  const Value sum = graph.set_name(ops::add(graph, x, w), "total");
  graph.assign(w, sum);
  EXPECT_EQ(graph.to_string(),
            "%0 = input() : f32[3]  # x\n"
            "%1 = state() : f32[3]  # w\n"
            "%2 = add(%0, %1) : f32[3]  # total\n"
            "w <- %2\n");
  EXPECT_EQ(graph.describe(sum), "%2 add \"total\" f32[3]");
}

TEST(Attributes, SayWhatIsMissingOrOfAnotherKind) {
  const Attributes attributes{{"axis", std::int64_t{1}}, {"slope", 0.5}};
  EXPECT_EQ(attributes.integer("axis"), 1);
  EXPECT_EQ(attributes.real("slope"), 0.5);
  EXPECT_EQ(message_of([&] { attributes.integer("axes"); }),
            "attributes: \"axes\" is missing; got {axis=1, slope=0.5}");
  EXPECT_EQ(message_of([&] { attributes.integer("slope"); }),
            "attributes: \"slope\" must be an integer; got {axis=1, slope=0.5}");
  EXPECT_THROW(attributes.real("axis"), Error);
  EXPECT_THROW(attributes.integers("axis"), Error);
}

// --- the verifier: invalid op records ---

std::vector<TensorType> same_type(const OpSignature& signature) { return {signature.in[0]}; }
bool lie = false;
std::vector<TensorType> changing_type(const OpSignature& signature) {
  return {lie ? TensorType{DType::f64, {}, {}} : signature.in[0]};
}
void do_nothing(const ReferenceCall&) {}
KernelPlan no_kernel(const OpSignature&) { return {}; }

TEST(Verify, WantsExactlyOneWayToRun) {
  static const Op none{.name = "none", .summary = "", .infer = &same_type, .reference = &do_nothing};
  static const Op both{.name = "both",
                       .summary = "",
                       .infer = &same_type,
                       .reference = &do_nothing,
                       .kernel = &no_kernel,
                       .concatenates = true};
  for (const Op* op : {&none, &both}) {
    Graph graph;
    graph.apply(*op, std::array{graph.input("x", kVector)});
    EXPECT_THROW(verify(graph), std::logic_error) << op->name;
  }
}

TEST(Verify, WantsAReference) {
  static const Op op{.name = "unfounded", .summary = "", .infer = &same_type, .kernel = &no_kernel};
  Graph graph;
  graph.apply(op, std::array{graph.input("x", kVector)});
  EXPECT_EQ(message_of([&] { verify(graph); }), "verify: node %1 (unfounded): the op has no reference");
}

TEST(Verify, WantsTheTypesThatTheRuleGives) {
  static const Op op{
      .name = "fickle", .summary = "", .infer = &changing_type, .reference = &do_nothing, .kernel = &no_kernel};
  Graph graph;
  lie = false;
  graph.apply(op, std::array{graph.input("x", kVector)});
  EXPECT_NO_THROW(verify(graph));
  lie = true;
  EXPECT_EQ(message_of([&] { verify(graph); }),
            "verify: node %1 (fickle): the recorded types are not what the type rule gives");
}

TEST(Graph, RefusesAnOpWithoutATypeRule) {
  Graph graph;
  EXPECT_THROW(graph.apply(input_op(), {}), Error);
}

TEST(Attributes, AreEqualIfTheirBitsAre) {
  const Attributes zero{{"value", 0.0}}, nan{{"value", std::numeric_limits<double>::quiet_NaN()}};
  EXPECT_EQ(zero, (Attributes{{"value", 0.0}}));
  EXPECT_NE(zero, (Attributes{{"value", -0.0}}));  // 1 / x distinguishes them
  EXPECT_EQ(nan, (Attributes{{"value", std::numeric_limits<double>::quiet_NaN()}}));
  EXPECT_NE(zero, (Attributes{{"value", std::int64_t{0}}}));
  EXPECT_NE(zero, (Attributes{{"other", 0.0}}));
  EXPECT_NE(zero, Attributes());
}

}  // namespace
}  // namespace hillock

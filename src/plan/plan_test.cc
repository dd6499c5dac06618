// Pins the plan of a whole training step: its steps, its memory and how much it moves. Running it allocates
// nothing.
#include "hillock/plan.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include "hillock/error.h"
#include "hillock/grad.h"
#include "hillock/naive.h"
#include "hillock/ops.h"
#include "hillock/session.h"
#include "ops/spec.h"
#include "tests/allocation_counter.h"

namespace hillock {
namespace {

constexpr std::int64_t kBatch = 32, kIn = 64, kHidden = 32, kOut = 10;
constexpr std::int64_t kParameters = kIn * kHidden + kHidden + kHidden * kOut + kOut;

// 64-32-10 with relu and softmax cross-entropy, one step of gradient descent; all parameters are one block.
struct TrainingStep {
  Graph graph;
  Value loss;

  TrainingStep() {
    const Value x = graph.input("x", {DType::f32, {kBatch, kIn}, {}});
    const Value labels = graph.input("labels", {DType::i32, {kBatch}, IntegerRange{0, kOut}});
    const Value rate = graph.input("rate", {DType::f32, {}, {}});
    const Value parameters = graph.state("weights", {DType::f32, {kParameters}, {}});
    std::int64_t at = 0;
    const auto part = [&](const Shape& shape) {
      const Value seen = ops::slice(graph, parameters, {at}, {shape.elements()});
      at += shape.elements();
      return ops::reshape(graph, seen, shape);
    };
    const Value w1 = part({kIn, kHidden}), b1 = part({kHidden}), w2 = part({kHidden, kOut}), b2 = part({kOut});
    const Value hidden = ops::relu(graph, ops::add(graph, ops::matmul(graph, x, w1), b1));
    const Value logits = ops::add(graph, ops::matmul(graph, hidden, w2), b2);
    const Value targets = ops::one_hot(graph, labels, kOut, DType::f32);
    loss = graph.set_name(ops::mean(graph, ops::softmax_cross_entropy(graph, logits, targets).loss), "loss");

    std::vector<Value> slopes = gradients(graph, loss, std::array{w1, b1, w2, b2});
    for (Value& slope : slopes) slope = ops::reshape(graph, slope, {graph.type(slope).elements()});
    const Value slope = ops::concat(graph, slopes);
    graph.assign(parameters, ops::subtract(graph, parameters, ops::multiply(graph, slope, rate)));
  }

  Plan plan(bool fuse = true) const { return Plan(graph, {.outputs = {loss}, .update = true, .fuse = fuse}); }
};

Tensor single(const Tensor& tensor) {
  Tensor result(TensorType{DType::f32, tensor.shape(), {}});
  for (std::int64_t i = 0; i < tensor.elements(); ++i) result.set(i, tensor.at(i));
  return result;
}

std::map<std::string, Tensor> some_batch() {
  Tensor labels(TensorType{DType::i32, {kBatch}, {}});
  for (std::int64_t i = 0; i < kBatch; ++i) labels.set(i, static_cast<double>(i * 7 % kOut));
  return {{"x", single(sample_values({kBatch, kIn}, 0, 1, 1))},
          {"labels", labels},
          {"rate", Tensor::from<float>({}, {0.5F})}};
}
Store some_parameters() {
  Store store;
  store.put("weights", single(sample_values({kParameters}, -0.2, 0.2, 2)));
  return store;
}
void bind_all(Session& session, const std::map<std::string, Tensor>& batch) {
  for (const auto& [name, tensor] : batch) session.bind(name, tensor);
}

TEST(PlanOfATrainingStep, HasOneStepForEachThingToDo) {
  const Plan plan = TrainingStep().plan();
  std::vector<std::string> names;
  for (const Step& step : plan.steps()) names.push_back(step.name);
  // Forward: two products, each with its bias (and the activation) in one pass; the labels; the loss with its slope,
  // and its mean. Backward: the slope times the gradient of the mean; two products for the upper layer, one (with
  // respect to the weights only) for the lower one; a sum for each bias. The four gradients are written where the
  // concatenation needs them, so the update is one pass over all parameters.
  const std::vector<std::string> expected{"matmul.nn",
                                          "fused(add, relu, less)",
                                          "matmul.nn",
                                          "add",
                                          "one_hot",
                                          "softmax_cross_entropy",
                                          "mean.rows",
                                          "multiply",
                                          "sum.columns",
                                          "matmul.nt",
                                          "matmul.tn",
                                          "select",
                                          "sum.columns",
                                          "matmul.tn",
                                          "fused(multiply, subtract)"};
  EXPECT_EQ(names, expected) << plan.to_string();
}

TEST(PlanOfATrainingStep, ArenaIsHardlyLargerThanThePeakOfLiveBytes) {
  const Plan plan = TrainingStep().plan();
  EXPECT_GT(plan.peak_live_bytes(), 0u);
  EXPECT_LE(plan.peak_live_bytes(), plan.arena_bytes());
  EXPECT_LE(static_cast<double>(plan.arena_bytes()), 1.1 * static_cast<double>(plan.peak_live_bytes()))
      << plan.to_string();
}

TEST(PlanOfATrainingStep, MovesFewerBytesFused) {
  const TrainingStep step;
  EXPECT_LT(step.plan(true).bytes_moved(), step.plan(false).bytes_moved());
  EXPECT_LT(step.plan(true).steps().size(), step.plan(false).steps().size());
}

TEST(PlanOfATrainingStep, UpdatesTheParametersInPlaceAndLast) {
  const Plan plan = TrainingStep().plan();
  const Step& last = plan.steps().back();
  EXPECT_TRUE(last.writes_state);
  EXPECT_EQ(last.out.front().kind, Location::Kind::state);
  EXPECT_EQ(plan.first_write(), plan.steps().size() - 1);
}

TEST(PlanOfATrainingStep, AllocatesNothingOverAThousandSteps) {
  const Plan plan = TrainingStep().plan();
  const auto batch = some_batch();
  for (int threads : {1, 2}) {
    Store store = some_parameters();
    Session session(plan, store, {.threads = threads, .force_threads = true});
    bind_all(session, batch);
    std::int64_t allocations = 0;
    {
      const AllocationCounter counter;
      for (int step = 0; step < 1000; ++step) {
        session.bind(0, batch.at("x").raw());
        session.run();
      }
      allocations = counter.count();
    }
    EXPECT_EQ(allocations, 0) << threads << " threads";
    EXPECT_LT(session.scalar(0), 0.5);  // training has worked
  }
}

// If the counter were broken, the test above would pass as well.
TEST(AllocationCounter, SeesAllocations) {
  const AllocationCounter counter;
  // Direct calls, because a compiler may optimize away the allocations of an unused container.
  ::operator delete(::operator new(1000));
  ::operator delete (::operator new (1000, std::align_val_t{64}), std::align_val_t{64});
  EXPECT_GE(counter.count(), 2);
}

TEST(PlanOfATrainingStep, EqualsTheNaiveRunAndTouchesNoStateBeforeTheFirstWrite) {
  const TrainingStep step;
  const Plan plan = step.plan();
  const auto batch = some_batch();
  Store store = some_parameters();
  const Store before = store;
  const NaiveRun naive = run_naive(step.graph, batch, store);
  Session session(plan, store);
  bind_all(session, batch);
  const Tensor& parameters = store.get("weights");

  session.run_before_writes();
  EXPECT_EQ(session.scalar(0), naive.at(step.loss).at(0));
  EXPECT_EQ(std::memcmp(parameters.raw(), before.get("weights").raw(), parameters.bytes()), 0);
  session.run_writes();
  EXPECT_EQ(std::memcmp(parameters.raw(), naive.at(step.graph.states()[0].next).raw(), parameters.bytes()), 0);
  EXPECT_NE(std::memcmp(parameters.raw(), before.get("weights").raw(), parameters.bytes()), 0);
}

TEST(Plan, OfAForwardPassLeavesStatesAlone) {
  const TrainingStep step;
  const Plan plan(step.graph, {.outputs = {step.loss}});
  EXPECT_EQ(plan.first_write(), plan.steps().size());
  for (const Step& each : plan.steps()) EXPECT_FALSE(each.writes_state);
}

TEST(Plan, IsTheSameEachTime) { EXPECT_EQ(TrainingStep().plan().to_string(), TrainingStep().plan().to_string()); }

TEST(Plan, PrintsEveryStepAndTheTotals) {
  const Plan plan = TrainingStep().plan();
  const std::string text = plan.to_string();
  for (const Step& step : plan.steps()) EXPECT_NE(text.find(step.name), std::string::npos) << step.name;
  EXPECT_NE(text.find("bytes moved, arena"), std::string::npos);
  EXPECT_NE(text.find("(writes state)"), std::string::npos);
}

// --- special cases of lowering ---

// Runs `outputs` planned and naively. The graph has the input "x", those in `inputs`, and no states.
void expect_planned_equals_naive(const Graph& graph, const std::vector<Value>& outputs,
                                 const std::map<std::string, Tensor>& inputs) {
  Store store;
  const NaiveRun naive = run_naive(graph, inputs, store);
  for (bool fuse : {true, false}) {
    const Plan plan(graph, {.outputs = outputs, .update = false, .fuse = fuse});
    Session session(plan, store);
    bind_all(session, inputs);
    session.run();
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      const Tensor& expected = naive.at(outputs[k]);
      if (expected.bytes() == 0) continue;
      EXPECT_EQ(std::memcmp(session.output(k), expected.raw(), expected.bytes()), 0) << "output " << k << "\n"
                                                                                     << plan.to_string();
    }
  }
}

TEST(Plan, TakesTensorsWithoutElements) {
  Graph graph;
  const Value x = graph.input("x", {DType::f64, {1}, {}});
  const Value none = ops::slice(graph, x, {0}, {0});
  const Value row = ops::broadcast(graph, x, {0, 1});
  const Value chain = ops::tanh(graph, ops::add(graph, row, ops::multiply(graph, row, 2)));
  const Value doubled = ops::exp(graph, ops::add(graph, none, none));
  const std::array<Value, 3> parts{none, x, doubled};
  const Value joined = ops::concat(graph, parts);
  expect_planned_equals_naive(graph, {chain, doubled, joined, ops::sum(graph, chain)},
                              {{"x", sample_values({1}, 0, 1)}});
}

// The tile executor's table of slots must hold the largest chain: constants for two operands of every instruction, and
// every result an output.
TEST(Plan, TakesAChainFullOfConstants) {
  Graph graph;
  const Shape shape{3, 5};
  Value x = graph.input("x", {DType::f64, shape, {}});
  std::vector<Value> outputs;
  for (int k = 0; k < 2 * static_cast<int>(PointwiseProgram::kMaxInstructions); ++k) {
    const Value low = ops::constant(graph, DType::f64, shape, 0.5 + k);
    const Value high = ops::constant(graph, DType::f64, shape, -0.5 - k);
    x = ops::select(graph, x, low, high);
    outputs.push_back(x);
  }
  expect_planned_equals_naive(graph, outputs, {{"x", sample_values(shape, -1, 1)}});
}

TEST(Plan, GivesEachOutputItsOwnNumberEvenIfListedTwice) {
  Graph graph;
  const Value x = graph.input("x", {DType::f64, {7}, {}});
  const Value y = ops::exp(graph, x);
  expect_planned_equals_naive(graph, {y, x, y, ops::reshape(graph, y, {7, 1})}, {{"x", sample_values({7}, -1, 1)}});
}

TEST(Plan, WhatFollowsFromConstantStatesIsComputedOnce) {
  Graph graph;
  const Value rows = graph.input("rows", {DType::f32, {3, 2}, {}});
  const Value places = ops::to_index(graph, graph.state("places", {DType::f64, {2}, {}}), 3);
  const Value out = ops::tanh(graph, ops::gather(graph, rows, places));
  EXPECT_EQ(Plan(graph, {.outputs = {out}}).prologue_steps(), 0u);
  const Plan plan(graph, {.outputs = {out, places}, .constant_states = true});
  ASSERT_EQ(plan.prologue_steps(), 1u);
  EXPECT_EQ(plan.steps()[0].name, "to_index");
  EXPECT_NE(plan.to_string().find("(once, when a session is made)"), std::string::npos);
  EXPECT_THROW(Plan(graph, {.outputs = {out}, .update = true, .constant_states = true}), Error);

  Store store;
  store.put("places", Tensor::from<double>({2}, {2, 0}));
  Session session(plan, store);
  store.put("places", Tensor::from<double>({2}, {1, 1}));  // nobody looks at it again
  for (const float shift : {0.0F, 10.0F}) {
    const std::array<float, 6> numbers{shift, shift, 7, 7, shift + 1, shift + 2};
    session.bind(0, numbers.data());
    session.run();
    const auto got = session.output_values<float>(0);
    const std::array<float, 4> expected{shift + 1, shift + 2, shift, shift};
    for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(got[k], std::tanh(expected[k]), 1e-6);
    EXPECT_EQ(session.output_values<std::int32_t>(1)[0], 2);
  }
}

}  // namespace
}  // namespace hillock

// A replicated graph computes for each replica what the graph computes alone, bit for bit, for random graphs with every
// op, a backward pass and updates.
#include "replicate/replicate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hillock/naive.h"
#include "hillock/op.h"
#include "hillock/ops.h"
#include "hillock/session.h"
#include "replicate/replica_copy.h"
#include "tests/proof_case.h"
#include "tests/random_graph.h"

namespace hillock {
namespace {

// `tensors` side by side along a last axis.
Tensor stacked(const std::vector<Tensor>& tensors) {
  TensorType type = tensors[0].type();
  std::vector<std::int64_t> dims(type.shape.dims().begin(), type.shape.dims().end());
  const auto lanes = std::ssize(tensors);
  dims.push_back(lanes);
  type.shape = Shape(dims);
  Tensor result(type);
  for (std::int64_t lane = 0; lane < lanes; ++lane) {
    const Tensor& from = tensors[static_cast<std::size_t>(lane)];
    copy_to_replica(from.raw(), from.elements(), size_in_bytes(type.dtype), result.raw(), lanes, lane);
  }
  return result;
}

Tensor lane_of(const Tensor& tensor, const TensorType& type, std::int64_t lanes, std::int64_t lane) {
  Tensor result(type);
  copy_from_replica(tensor.raw(), result.elements(), size_in_bytes(type.dtype), result.raw(), lanes, lane);
  return result;
}

class RandomReplication {
 public:
  explicit RandomReplication(std::uint64_t seed)
      : dice_(seed + 77), random_(make_random_graph(seed)), lanes_(1 + dice_.below(4)) {
    const Graph& graph = random_.graph;
    for (const Value input : graph.inputs()) {
      // Rows are gathered by indices that all replicas share.
      shared_[graph.node(input.node).name] = graph.type(input).range.has_value() || dice_.chance(0.3);
    }
    replication_ = Replication::of(graph, lanes_, [&](std::string_view name) { return shared_.at(std::string(name)); });
  }

  bool exists() const { return replication_.has_value(); }

  // Whether rows are selected by indices that each replica computes for itself, which no op can do for all replicas at
  // once.
  bool picks_by_lane() const {
    std::vector<bool> of_replica;  // by node
    for (const Node& node : random_.graph.nodes()) {
      const auto differs = [&](Value value) { return of_replica[static_cast<std::size_t>(value.node)]; };
      if (node.op->name == "gather" && differs(node.inputs[1])) return true;
      if (node.op->name == "scatter_add" && differs(node.inputs[0])) return true;
      const bool is_input = node.op == &input_op();
      of_replica.push_back(is_input ? !shared_.at(node.name)
                                    : node.op == &state_op() || std::ranges::any_of(node.inputs, differs));
    }
    return false;
  }

  void compare() {
    const Graph& graph = random_.graph;
    std::vector<NaiveRun> alone;
    for (std::int64_t lane = 0; lane < lanes_; ++lane) {
      inputs_.push_back(random_inputs(graph, dice_.bits()));
      for (auto& [name, tensor] : inputs_.back()) {
        if (shared_.at(name)) tensor = inputs_.front().at(name);
      }
      stores_.push_back(random_store(graph, dice_.bits()));
      alone.push_back(run_naive(graph, inputs_.back(), stores_.back()));
    }
    std::vector<Value> values = random_.outputs;
    for (const StatePair& pair : graph.states()) {
      if (pair.next) values.push_back(pair.next);
    }
    std::vector<Value> replicated;
    for (const Value value : values) replicated.push_back((*replication_)[value]);
    const NaiveRun together = run_naive(replication_->graph(), stacked_inputs(), stacked_store());
    for (std::size_t k = 0; k < values.size(); ++k) {
      for (std::int64_t lane = 0; lane < lanes_; ++lane) {
        const Tensor& expected = alone[static_cast<std::size_t>(lane)].at(values[k]);
        const Tensor got = lane_of(together.at(replicated[k]), expected.type(), lanes_, lane);
        EXPECT_EQ(difference_of_bits(got, expected), "") << "value " << k << ", lane " << lane << " of " << lanes_;
      }
    }
  }

 private:
  std::map<std::string, Tensor> stacked_inputs() const {
    std::map<std::string, Tensor> result;
    for (const auto& [name, tensor] : inputs_.front()) {
      std::vector<Tensor> of_lanes;
      for (const auto& inputs : inputs_) of_lanes.push_back(inputs.at(name));
      result.emplace(name, shared_.at(name) ? tensor : stacked(of_lanes));
    }
    return result;
  }
  Store stacked_store() const {
    Store result;
    for (const std::string& name : stores_.front().names()) {
      std::vector<Tensor> of_lanes;
      for (const Store& store : stores_) of_lanes.push_back(store.get(name));
      result.put(name, stacked(of_lanes));
    }
    return result;
  }

  Dice dice_;
  RandomGraph random_;
  std::int64_t lanes_;
  std::map<std::string, bool> shared_;
  std::optional<Replication> replication_;
  std::vector<std::map<std::string, Tensor>> inputs_;
  std::vector<Store> stores_;
};

TEST(Replicate, EachLaneHasTheBitsOfTheGraphAlone) {
  constexpr std::uint64_t kGraphs = 600;
  int replicated = 0;
  for (std::uint64_t seed = 0; seed < kGraphs && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    RandomReplication random(seed);
    EXPECT_EQ(random.exists(), !random.picks_by_lane());
    if (!random.exists()) continue;
    ++replicated;
    random.compare();
  }
  EXPECT_GE(replicated, 500);
}

TEST(Replicate, EveryOpThatComputesHasARule) {
  for (const Op* op : registered_ops()) {
    EXPECT_TRUE(op->pointwise != nullptr || op->replicate != nullptr) << op->name;
  }
}

// A flag for each replica, also if there are flags for an axis already; 70 replicas need more than one tile.
TEST(Replicate, EachLaneHasItsOwnFlagOfBeingFinite) {
  constexpr std::int64_t kRows = 3, kColumns = 2;
  for (const std::int64_t lanes : {1, 5, 70}) {
    for (const std::int64_t keep_last : {0, 1}) {
      Graph graph;
      const Value x = graph.input("x", {DType::f32, {kRows, kColumns}, {}});
      const Value flags = graph.apply(*find_op("all_finite"), std::array{x}, {{"keep_last", keep_last}})[0];
      std::optional<Replication> wide = Replication::of(graph, lanes, [](std::string_view) { return false; });
      ASSERT_TRUE(wide.has_value());
      Tensor values({DType::f32, {kRows, kColumns, lanes}, {}});
      const auto spoil = [&](std::int64_t row, std::int64_t column, std::int64_t lane) {
        values.set((row * kColumns + column) * lanes + lane, std::numeric_limits<double>::infinity());
      };
      spoil(2, 0, lanes - 1);
      spoil(0, 1, lanes / 2);
      const Plan plan(wide->graph(), {.outputs = {(*wide)[flags]}});
      const Store nothing;
      Session session(plan, nothing);
      session.bind("x", values);
      session.run();
      const auto got = session.output_values<std::int32_t>(0);
      ASSERT_EQ(static_cast<std::int64_t>(got.size()), lanes * (keep_last != 0 ? kColumns : 1));
      for (std::int64_t i = 0; i < std::ssize(got); ++i) {
        const std::int64_t lane = i % lanes, column = i / lanes;
        const bool first = lane == lanes - 1 && (keep_last == 0 || column == 0);
        const bool second = lane == lanes / 2 && (keep_last == 0 || column == 1);
        EXPECT_EQ(got[static_cast<std::size_t>(i)], first || second ? 0 : 1) << i << " of " << lanes;
      }
    }
  }
}

TEST(Replicate, RowsAreGatheredByIndicesOfAllOnly) {
  Graph graph;
  const Value table = graph.input("table", {DType::f32, {5, 2}, {}});
  const Value rows = graph.input("rows", {DType::i32, {3}, IntegerRange{0, 5}});
  ops::gather(graph, table, rows);
  EXPECT_FALSE(Replication::of(graph, 4, [](std::string_view) { return false; }).has_value());
  EXPECT_TRUE(Replication::of(graph, 4, [](std::string_view name) { return name == "rows"; }).has_value());
}

TEST(Replicate, SameGraphsAreTold) {
  const auto build = [](double factor, const std::string& name) {
    Graph graph;
    const Value x = graph.input(name, {DType::f32, {3}, {}});
    const Value state = graph.state("w", {DType::f32, {3}, {}});
    graph.assign(state, ops::add(graph, state, ops::multiply(graph, x, factor)));
    return graph;
  };
  EXPECT_TRUE(same_graph(build(0.1, "x"), build(0.1, "x")));
  EXPECT_FALSE(same_graph(build(0.1, "x"), build(0.1 + 1e-16, "x")));
  EXPECT_FALSE(same_graph(build(0.1, "x"), build(0.1, "y")));
  Graph unfinished = build(0.1, "x");
  unfinished.input("more", {DType::f32, {1}, {}});
  EXPECT_FALSE(same_graph(build(0.1, "x"), unfinished));
}

}  // namespace
}  // namespace hillock

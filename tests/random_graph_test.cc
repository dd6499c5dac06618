// Planned runs equal naive ones bit for bit, on random graphs with a backward pass and updates of states and on random
// dense networks; and these are rich enough: every op, every rule of the planner and every fused chain with a kernel of
// its own occurs at least 20 times.
#include "tests/random_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "hillock/diagnosis.h"
#include "hillock/naive.h"
#include "hillock/op.h"
#include "hillock/plan.h"
#include "hillock/session.h"
#include "hillock/train.h"
#include "ir/fused_chain.h"
#include "ops/spec.h"
#include "plan/draft.h"
#include "replicate/replicate.h"
#include "tests/proof_case.h"
#include "train/step_graph.h"

namespace hillock {
namespace {

constexpr int kShards = 4;
constexpr std::uint64_t kGraphs = 1000;  // a shard
constexpr int kHits = 20;
constexpr int kSteps = 2;

using Counts = std::map<std::string, int>;

constexpr const char* kRules[] = {
    "chain fused",
    "strided operand of a chain",
    "chain with several outputs",
    "constant in a preamble",
    "part placed in place",
    "part copied",
    "state written in place",
    "state written by copy",
    "buffer of a dying operand taken over",
    "view copied",
    "output copied from an overwritten state",
};

// Counts what the planner did, by its draft, which shows this more clearly than a plan.
class RuleCounter {
 public:
  RuleCounter(const Graph& graph, const PlanOptions& options, Counts& counts) : counts_(counts) {
    draft_ = lower(graph, options, fuse(graph, options));
    order_steps(draft_);
    place(draft_);
    for (const DraftStep& step : draft_.steps) {
      if (step.is_program && step.nodes.size() >= 2) count_chain(step);
      if (step.nodes.empty()) count_copy(graph, step);
      count("state written in place", step.overwrites >= 0 && !step.nodes.empty());
      for (StorageId out : step.out) count("part placed in place", is_part(storage(out)) && !step.nodes.empty());
    }
    for (const Storage& each : draft_.storages) count("buffer of a dying operand taken over", has_taken_over(each));
  }

 private:
  const Storage& storage(StorageId id) const { return draft_.storages[static_cast<std::size_t>(id)]; }
  bool is_part(const Storage& each) const { return each.parent >= 0 && storage(each.parent).is_concatenation; }
  bool has_taken_over(const Storage& each) const {
    return each.parent >= 0 && !storage(each.parent).is_concatenation &&
           storage(each.parent).kind == Location::Kind::arena;
  }
  void count(const char* rule, bool holds) { counts_[rule] += holds ? 1 : 0; }

  void count_chain(const DraftStep& step) {
    count("chain fused", true);
    count("strided operand of a chain",
          std::ranges::any_of(step.program.load_scratch, [](int slot) { return slot >= 0; }));
    count("chain with several outputs", step.program.outputs >= 2);
    count("constant in a preamble", !step.program.preamble.empty());
  }
  void count_copy(const Graph& graph, const DraftStep& step) {
    const Access& from = step.in.front();
    const Storage& source = storage(from.storage);
    const Storage& target = storage(step.out.front());
    const bool overwritten =
        source.kind == Location::Kind::state && graph.states()[static_cast<std::size_t>(source.index)].next;
    count("state written by copy", step.overwrites >= 0);
    count("part copied", is_part(target));
    count("output copied from an overwritten state", overwritten && target.is_output);
    count("view copied", step.overwrites < 0 && !is_part(target) && !target.is_output && !from.view.is_dense());
  }

  Draft draft_;
  Counts& counts_;
};

// One way of running a graph, kept over several steps.
struct Variant {
  Variant(const Graph& graph, const Plan& plan, int worker_count, std::uint64_t seed)
      : store(random_store(graph, seed)),
        session(plan, store, {.threads = worker_count, .force_threads = true}),
        threads(worker_count) {}
  Store store;
  Session session;
  int threads;
};

Tensor output_of(const Session& session, std::size_t index) {
  TensorType type = session.plan().outputs()[index].type;
  type.range.reset();
  Tensor tensor(type);
  std::copy_n(static_cast<const std::byte*>(session.output(index)), type.bytes(),
              static_cast<std::byte*>(tensor.raw()));
  return tensor;
}

std::string first_difference(const RandomGraph& random, const NaiveRun& expected, const Variant& variant) {
  for (std::size_t k = 0; k < random.outputs.size(); ++k) {
    const std::string difference = difference_of_bits(output_of(variant.session, k), expected.at(random.outputs[k]));
    if (!difference.empty())
      return "output " + std::to_string(k) + " " + random.graph.describe(random.outputs[k]) + ": " + difference;
  }
  for (const StatePair& pair : random.graph.states()) {
    const std::string& name = random.graph.node(pair.old.node).name;
    const std::string difference =
        difference_of_bits(variant.store.get(name), expected.at(pair.next ? pair.next : pair.old));
    if (!difference.empty()) return name + ": " + difference;
  }
  return {};
}

bool same_states(const Store& a, const Store& b) {
  return std::ranges::all_of(
      a.names(), [&](const std::string& name) { return difference_of_bits(a.get(name), b.get(name)).empty(); });
}

void run_step(Variant& variant, const std::map<std::string, Tensor>& inputs, const Store& before) {
  for (const auto& [name, tensor] : inputs) variant.session.bind(name, tensor);
  variant.session.run_before_writes();
  EXPECT_TRUE(same_states(variant.store, before)) << "a state changed before first_write";
  variant.session.run_writes();
}

void update(Store& store, const Graph& graph, const NaiveRun& run) {
  for (const StatePair& pair : graph.states()) {
    if (pair.next) store.put(graph.node(pair.old.node).name, run.at(pair.next));
  }
}

// Runs `random` in every way and by reference; returns whether a NaN or infinity occurred in what was compared.
bool compare(const RandomGraph& random, const Plan& fused, const Plan& unfused, std::uint64_t seed) {
  std::vector<std::unique_ptr<Variant>> variants;
  for (const Plan* plan : {&fused, &unfused}) {
    for (int threads : {1, 3}) variants.push_back(std::make_unique<Variant>(random.graph, *plan, threads, seed));
  }
  Store store = random_store(random.graph, seed);
  bool is_tame = true;
  for (std::uint64_t step = 0; step < kSteps; ++step) {
    auto inputs = random_inputs(random.graph, seed * kSteps + step);
    if (random.missing) {
      Tensor& features = inputs.at("features");
      for (std::int64_t i = 0; i < features.elements(); i += 3) features.set(i, std::nan(""));
    }
    const NaiveRun expected = run_naive(random.graph, inputs, store);
    for (const auto& variant : variants) {
      SCOPED_TRACE(testing::Message() << (&variant->session.plan() == &fused ? "fused, " : "not fused, ")
                                      << variant->threads << " threads, step " << step);
      run_step(*variant, inputs, store);
      EXPECT_EQ(first_difference(random, expected, *variant), "");
    }
    for (Value value : random.outputs) is_tame &= is_finite(expected.at(value));
    update(store, random.graph, expected);
  }
  return is_tame;
}

class RandomGraphs : public testing::TestWithParam<int> {};

TEST_P(RandomGraphs, PlannedRunsEqualNaiveOnes) {
  Counts ops, rules;
  std::uint64_t tame = 0;
  for (std::uint64_t k = 0; k < kGraphs && !HasFailure(); ++k) {
    const std::uint64_t seed = static_cast<std::uint64_t>(GetParam()) * kGraphs + k;
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const RandomGraph random = make_random_graph(seed);
    ASSERT_GE(random.forward_ops, 20);
    for (const Node& node : random.graph.nodes()) ++ops[std::string(node.op->name)];
    const PlanOptions options{.outputs = random.outputs, .update = true};
    RuleCounter(random.graph, options, rules);
    const Plan fused(random.graph, options);
    const Plan unfused(random.graph, {.outputs = random.outputs, .update = true, .fuse = false});
    tame += compare(random, fused, unfused, seed) ? 1 : 0;
    if (HasFailure()) ADD_FAILURE() << random.graph.to_string() << fused.to_string();
  }
  for (const OpSpec& spec : registered_specs()) EXPECT_GE(ops[spec.op], kHits) << spec.op;
  for (const char* rule : kRules) EXPECT_GE(rules[rule], kHits) << rule;
  // Comparing NaN with NaN proves little.
  EXPECT_GE(tame, kGraphs * 9 / 10);
  for (const auto& [name, count] : rules) RecordProperty(name, count);
  RecordProperty("tame graphs", static_cast<int>(tame));
}

INSTANTIATE_TEST_SUITE_P(Shards, RandomGraphs, testing::Range(0, kShards));

// Dense networks of all kinds, because the chains with kernels of their own occur in their steps.
class RandomNetwork {
 public:
  explicit RandomNetwork(std::uint64_t seed) : dice_(seed) {
    const std::int64_t inputs = width();
    const DType dtype = dice_.chance(0.5) ? DType::f32 : DType::f64;
    std::vector<nn::Layer> layers = preparation(inputs, dtype);
    for (std::int64_t hidden = dice_.below(3); hidden > 0; --hidden) {
      layers.push_back(nn::dense(width(), {.activation = hidden_activation()}));
    }
    const std::int64_t outputs = width();
    layers.push_back(nn::dense(outputs, {.name = "output"}));
    if (dice_.chance(0.15)) layers.push_back(nn::unscale(numbers(outputs), numbers(outputs)));
    const nn::LossKind loss = some_loss(outputs);
    network_.emplace(
        NetworkOptions{.layer = nn::sequential(layers), .input = {inputs}, .output = output_for(loss), .dtype = dtype});
    const std::int64_t batch = encodes_ && dice_.chance(0.7) ? 1 : width();
    if (encodes_ || dice_.chance(0.3)) {
      describe_prediction(batch);
    } else if (dice_.chance(0.4)) {
      describe_loss_alone(batch, targets_of(batch, outputs, loss), loss);
    } else {
      describe_training(batch, targets_of(batch, outputs, loss), loss);
    }
  }
  const RandomGraph& graph() const { return random_; }
  bool trains() const { return trains_; }

 private:
  std::vector<double> numbers(std::int64_t count) const {
    return std::vector<double>(static_cast<std::size_t>(count), 1);
  }
  // What may stand before a network: missing numbers filled in, columns scaled, or both; or what is made of categories
  // and missing cells.
  std::vector<nn::Layer> preparation(std::int64_t inputs, DType dtype) {
    std::vector<nn::Layer> layers;
    if (dice_.chance(0.65)) return layers;
    if (dice_.chance(0.25)) return {encoding(inputs)};
    const bool fills = dice_.chance(0.7), scales = !fills || dice_.chance(0.5);
    random_.missing = fills;
    if (fills) layers.push_back(nn::impute(numbers(inputs), dtype));
    if (scales) layers.push_back(nn::scale(numbers(inputs), numbers(inputs)));
    return layers;
  }
  nn::Layer encoding(std::int64_t inputs) {
    random_.missing = encodes_ = true;
    switch (dice_.below(4)) {
      case 0: return nn::missing_indicator(std::vector<double>(static_cast<std::size_t>(inputs), 0));
      case 1: return nn::missing_indicator(numbers(inputs));
      case 2: return nn::one_hot(std::vector<std::int64_t>(static_cast<std::size_t>(inputs), 1 + dice_.below(3)));
      default: return nn::category_number(std::vector<std::int64_t>(static_cast<std::size_t>(inputs), 2));
    }
  }
  std::int64_t width() { return dice_.chance(0.3) ? 1 : 1 + dice_.below(40); }
  nn::Activation hidden_activation() {
    return std::array{nn::Activation::relu, nn::Activation::sigmoid,
                      nn::Activation::tanh}[static_cast<std::size_t>(dice_.below(3))];
  }
  nn::LossKind some_loss(std::int64_t outputs) {
    if (outputs > 1 && dice_.chance(0.3)) return nn::LossKind::cross_entropy;
    return dice_.chance(0.3) ? nn::LossKind::logistic : nn::LossKind::mse;
  }
  nn::Activation output_for(nn::LossKind loss) {
    if (loss == nn::LossKind::cross_entropy) return nn::Activation::softmax;
    if (loss == nn::LossKind::logistic) return nn::Activation::sigmoid;
    return std::array{nn::Activation::identity, nn::Activation::sigmoid,
                      nn::Activation::tanh}[static_cast<std::size_t>(dice_.below(3))];
  }
  void describe_prediction(std::int64_t batch) {
    const NetworkOptions& options = network_->options();
    Graph& graph = random_.graph;
    const Value rows = graph.input("features", {options.dtype, {batch, options.input[0]}, {}});
    random_.outputs = {network_->describe(graph, rows).prediction};
  }
  TensorType targets_of(std::int64_t batch, std::int64_t outputs, nn::LossKind loss) const {
    if (loss == nn::LossKind::cross_entropy) return {DType::i32, {batch}, IntegerRange{0, outputs}};
    if (loss == nn::LossKind::logistic && outputs == 1) return {DType::i32, {batch}, IntegerRange{0, 2}};
    return {network_->options().dtype, {batch, outputs}, {}};
  }
  void describe_loss_alone(std::int64_t batch, const TensorType& targets, nn::LossKind loss) {
    const StepGraph step = describe_step(*network_, batch, targets, {.loss = nn::loss(loss), .optimizer = {}});
    random_.graph = step.graph;
    random_.outputs = {step.loss};
    if (dice_.chance(0.3)) replicate();
  }
  void describe_training(std::int64_t batch, const TensorType& targets, nn::LossKind loss) {
    trains_ = true;
    const std::vector<nn::NameAndSummary> names = optimizers();
    const std::string& optimizer = names[static_cast<std::size_t>(dice_.below(std::ssize(names)))].name;
    const TrainingStep step(*network_, batch, targets,
                            {.loss = nn::loss(loss), .optimizer = optimizer_from_name(optimizer)});
    random_.graph = step.graph();
    for (NodeId id = 0; id < random_.graph.size(); ++id) {
      const std::string& name = random_.graph.node(id).name;
      if (name == "loss" || name == "gradient") random_.outputs.push_back({id, 0});
    }
    if (dice_.chance(0.4)) replicate();
  }
  // Replicas have chains of their own: a number of one training becomes a row.
  void replicate() {
    const bool shares = dice_.chance(0.5);
    std::optional<Replication> replication = Replication::of(
        random_.graph, 1 + dice_.below(20), [&](std::string_view name) { return shares && name == "features"; });
    ASSERT_TRUE(replication.has_value());
    for (Value& output : random_.outputs) output = (*replication)[output];
    random_.graph = replication->graph();
  }

  Dice dice_;
  std::optional<Network> network_;
  RandomGraph random_;
  bool encodes_ = false;  // which training does not: it takes rows that are prepared
  bool trains_ = false;
};

TEST(RandomNetworks, PlannedRunsEqualNaiveOnes) {
  constexpr std::uint64_t kNetworks = 5000;
  std::map<const FusedChain*, int> hits;
  for (std::uint64_t seed = 0; seed < kNetworks && !HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const RandomNetwork random(seed);
    const std::vector<Value>& outputs = random.graph().outputs;
    ASSERT_EQ(outputs.size(), random.trains() ? 2u : 1u);
    const Plan fused(random.graph().graph,
                     {.outputs = outputs, .update = random.trains(), .constant_states = !random.trains()});
    const Plan unfused(random.graph().graph, {.outputs = outputs, .update = random.trains(), .fuse = false});
    for (const Step& step : fused.steps()) ++hits[step.program.fused];
    compare(random.graph(), fused, unfused, seed);
    if (HasFailure()) ADD_FAILURE() << random.graph().graph.to_string() << fused.to_string();
  }
  for (const FusedChain& chain : fused_chains()) {
    std::string leaves;
    for (LeafKind kind : chain.leaves) leaves += "dork"[static_cast<int>(kind)];  // dense, one, row, column
    EXPECT_GE(hits[&chain], kHits) << chain.name << ", " << leaves << ", " << chain.element_bytes << " bytes";
  }
}

}  // namespace
}  // namespace hillock

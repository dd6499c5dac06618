// A run that is cut at any step and continued by a new object ends with the same bits.
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "hillock/error.h"
#include "hillock/run.h"
#include "hillock/safetensors.h"
#include "tests/allocation_counter.h"
#include "tests/own_layers.h"

namespace hillock {
namespace {

using testing::bits;
using testing::centre;
using testing::Rows;
using testing::some_rows;
using testing::standardize;

struct Case {
  std::string name;
  Optimizer optimizer;
  std::string schedule;
  double dropout = 0;
  bool weighted = false, validates = false;
  std::int64_t patience = 0;
  double clip = 0;
  bool ahead = false;
  double rate = 0.05;
  std::int64_t epochs = 40;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

// 37 rows in batches of 8: the last of the five batches has 5 rows.
constexpr std::int64_t kRows = 37, kBatch = 8;

Network network_of(const Case& one) {
  return Network({.layer = nn::sequential({standardize(), nn::dense(5, {.activation = nn::Activation::tanh}), centre(),
                                           nn::dropout(one.dropout), nn::dense(1, {.name = "output"})}),
                  .input = {3}});
}

TrainOptions options_of(const Case& one) {
  const bool all_rows = one.optimizer.lbfgs.has_value();
  TrainOptions options{.step = {.loss = nn::loss(nn::LossKind::mse), .optimizer = one.optimizer, .clip_norm = one.clip},
                       .epochs = one.epochs,
                       .batch_size = all_rows ? 0 : kBatch,
                       .rate = all_rows ? 1 : one.rate,
                       .schedule = schedule_from_name(one.schedule),
                       .seed = 11,
                       .patience = one.patience,
                       .gather_ahead = one.ahead};
  options.schedule.warmup = options.schedule.kind == Schedule::Kind::one_cycle ? 0 : 0.1;
  return options;
}

class Ended {
 public:
  Ended(const Network& network, const TrainingRun& run, const Case& one) : result_(run.result()) {
    bits_ = bits(network);
    for (const std::string& slot : one.optimizer.slots) bits_ += bits(network.store().get(slot));
  }
  void expect_same(const Ended& other, std::size_t cut) const {
    const TrainResult &a = result_, &b = other.result_;
    EXPECT_EQ(bits_ == other.bits_, true) << "cut after step " << cut;
    EXPECT_EQ(a.stopped, b.stopped) << cut;
    EXPECT_EQ(a.epochs, b.epochs) << cut;
    EXPECT_EQ(a.steps, b.steps) << cut;
    EXPECT_EQ(a.best_weights, b.best_weights) << cut;
    EXPECT_EQ(a.best_epoch, b.best_epoch) << cut;
    EXPECT_EQ(a.train_loss, b.train_loss) << cut;
    EXPECT_EQ(a.best_train_loss, b.best_train_loss) << cut;
    EXPECT_EQ(a.validation_loss, b.validation_loss) << cut;
    EXPECT_EQ(a.best_validation_loss, b.best_validation_loss) << cut;
  }
  const TrainResult& result() const { return result_; }

 private:
  std::string bits_;
  TrainResult result_;
};

class TrainingRunCuts : public ::testing::TestWithParam<Case> {};

TEST_P(TrainingRunCuts, EndWithTheSameBits) {
  const Case& one = GetParam();
  Rows train = some_rows(kRows, 3, 1), judged = some_rows(9, 3, 5);
  train.weighted = judged.weighted = one.weighted;
  const std::optional<Examples> validation = one.validates ? std::optional(judged.examples()) : std::nullopt;
  const TrainOptions options = options_of(one);
  Network network = network_of(one);
  network.initialize(3);
  TrainingRun whole(network, options, train.examples(), validation);
  std::vector<Snapshot> snapshots{whole.snapshot()};
  while (whole.step()) snapshots.push_back(whole.snapshot());
  const Ended expected(network, whole, one);
  if (one.patience == 0 && !one.optimizer.lbfgs) {
    EXPECT_EQ(snapshots.size(), 200u);
  }
  for (std::size_t cut = 0; cut < snapshots.size(); ++cut) {
    Network other = network_of(one);
    other.initialize(4);
    TrainingRun rest(other, options, train.examples(), validation);
    rest.restore(snapshots[cut]);
    EXPECT_EQ(rest.result().steps, static_cast<std::int64_t>(cut));
    while (cut % 2 == 0 ? rest.step() : rest.epoch()) continue;
    Ended(other, rest, one).expect_same(expected, cut);
  }
}

std::vector<Case> cases() {
  return {{.name = "sgd", .optimizer = sgd({.weight_decay = 0.01}), .schedule = "constant", .dropout = 0.2},
          {.name = "momentum", .optimizer = sgd({.momentum = 0.9}), .schedule = "step", .weighted = true},
          {.name = "nesterov",
           .optimizer = sgd({.momentum = 0.9, .nesterov = true}),
           .schedule = "exponential",
           .dropout = 0.2,
           .validates = true,
           .clip = 0.5},
          {.name = "adam", .optimizer = adam(), .schedule = "cosine", .dropout = 0.3, .weighted = true, .ahead = true},
          {.name = "adamw",
           .optimizer = adam({.weight_decay = 0.05, .decoupled = true}),
           .schedule = "one-cycle",
           .weighted = true,
           .validates = true},
          {.name = "nadam", .optimizer = nadam(), .schedule = "constant", .validates = true},
          {.name = "adagrad", .optimizer = adagrad({.rate_decay = 0.01}), .schedule = "constant", .ahead = true},
          {.name = "rmsprop",
           .optimizer = rmsprop({.momentum = 0.5, .centered = true}),
           .schedule = "on-plateau 0.5 1",
           .validates = true,
           .rate = 0.02},
          {.name = "patience",
           .optimizer = adam(),
           .schedule = "on-plateau 0.5 2",
           .dropout = 0.2,
           .weighted = true,
           .validates = true,
           .patience = 6,
           .rate = 0.1},
          {.name = "lbfgs", .optimizer = lbfgs({.weight_decay = 1e-3}), .schedule = "constant", .weighted = true}};
}

INSTANTIATE_TEST_SUITE_P(All, TrainingRunCuts, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.name; });

TEST(TrainingRun, IsWhatTheTrainerDoes) {
  const Case one = cases()[2];
  const Rows train = some_rows(kRows, 3, 1), judged = some_rows(9, 3, 5);
  Network ours = network_of(one), theirs = network_of(one);
  ours.initialize(3);
  theirs.initialize(3);
  const TrainResult expected = Trainer(theirs, options_of(one)).fit(train.examples(), judged.examples());
  TrainingRun run(ours, options_of(one), train.examples(), judged.examples());
  std::int64_t steps = 1;
  while (run.step()) ++steps;
  EXPECT_TRUE(run.ended());
  EXPECT_FALSE(run.step());
  EXPECT_FALSE(run.epoch());
  EXPECT_EQ(steps, expected.steps);
  EXPECT_EQ(run.finish().best_epoch, expected.best_epoch);
  EXPECT_EQ(run.result().stopped, StopReason::epochs);
  EXPECT_EQ(bits(ours), bits(theirs));
}

TEST(TrainingRun, EndsWhereItsOwnerLeavesIt) {
  const Case one = cases()[2];
  const Rows train = some_rows(kRows, 3, 1), judged = some_rows(9, 3, 5);
  Network network = network_of(one);
  network.initialize(3);
  TrainingRun run(network, options_of(one), train.examples(), judged.examples());
  run.epoch();
  run.step();
  const TrainResult result = run.finish();
  EXPECT_EQ(result.stopped, StopReason::callback);
  EXPECT_EQ(result.epochs, 1);
  EXPECT_EQ(result.steps, 6);
  EXPECT_TRUE(result.best_weights);
  EXPECT_TRUE(run.ended());
}

TEST(TrainingRun, GoesOnForMoreEpochs) {
  const Case one = cases()[1];
  const Rows train = some_rows(kRows, 3, 1);
  TrainOptions options = options_of(one), fewer = options;
  options.schedule = fewer.schedule = {};
  fewer.epochs = 3;
  options.epochs = 7;
  Network once = network_of(one), twice = network_of(one);
  once.initialize(3);
  twice.initialize(3);
  Trainer(once, options).fit(train.examples());
  TrainingRun first(twice, fewer, train.examples());
  while (first.epoch()) continue;
  Snapshot snapshot = first.snapshot();
  TrainingRun second(twice, options, train.examples());
  second.restore(snapshot);
  while (second.epoch()) continue;
  EXPECT_EQ(bits(once), bits(twice));
  EXPECT_EQ(second.result().epochs, 7);
}

TEST(TrainingRun, RefusesTheSnapshotOfAnotherRun) {
  const Case one = cases()[3];
  const Rows train = some_rows(kRows, 3, 1), fewer = some_rows(kRows - 1, 3, 1);
  Network network = network_of(one);
  network.initialize(3);
  TrainingRun run(network, options_of(one), train.examples());
  run.step();
  const Snapshot snapshot = run.snapshot();
  const auto refuses = [&](Network& other, const TrainOptions& options, const Rows& rows) {
    other.initialize(5);
    const std::string before = bits(other);
    TrainingRun another(other, options, rows.examples());
    EXPECT_THROW(another.restore(snapshot), Error);
    EXPECT_EQ(bits(other), before);
  };
  Network same = network_of(one);
  refuses(same, options_of(one), fewer);
  TrainOptions other_seed = options_of(one), other_batch = other_seed, other_slots = other_seed, all = other_seed;
  other_seed.seed = 12;
  other_batch.batch_size = 5;
  other_slots.step.optimizer = nadam();
  all.step.optimizer = lbfgs();
  all.batch_size = 0;
  for (const TrainOptions& options : {other_seed, other_batch, other_slots}) refuses(same, options, train);
  Network smaller({.layer = nn::dense(1), .input = {3}});
  refuses(smaller, options_of(one), train);
}

TEST(TrainingRun, SnapshotsNameAllTheyHold) {
  const Case one = cases()[4];
  const Rows train = some_rows(kRows, 3, 1), judged = some_rows(9, 3, 5);
  Network network = network_of(one);
  network.initialize(3);
  TrainingRun run(network, options_of(one), train.examples(), judged.examples());
  run.epoch();
  const Snapshot snapshot = run.snapshot();
  for (const StateEntry& entry : snapshot.entries) {
    EXPECT_EQ(snapshot.blocks.role(entry.block), entry.role) << entry.name;
    EXPECT_EQ(read_entry(snapshot.blocks, entry).type(), entry.type) << entry.name;
  }
  EXPECT_EQ(read_entry(snapshot.blocks, snapshot.entry("cursor.steps")).at(0), 5);
  EXPECT_EQ(bits(read_entry(snapshot.blocks, snapshot.entry("dense1.weight"))),
            bits(network.parameter("dense1.weight")));
  EXPECT_EQ(snapshot.entry("adam.m").role, StateRole::slot);
  EXPECT_EQ(snapshot.entry("best.parameters").role, StateRole::cursor);
  EXPECT_THROW(snapshot.entry("dense7.weight"), Error);
}

// A snapshot as a file stores it: one tensor for each entry, and its place.
struct Kept {
  SafetensorsFile file;
  std::vector<StateEntry> entries;
};

Kept kept(const Snapshot& snapshot) {
  Kept result;
  for (const StateEntry& entry : snapshot.entries)
    result.file.tensors.push_back({entry.name, read_entry(snapshot.blocks, entry)});
  result.entries = snapshot.entries;
  return result;
}

Snapshot taken_up(const Kept& kept) {
  Snapshot snapshot;
  for (const StateEntry& entry : kept.entries) {
    if (snapshot.blocks.has(entry.block)) continue;
    TensorType type = entry.type;
    if (entry.name != entry.block) {
      std::int64_t elements = 0;
      for (const StateEntry& other : kept.entries) elements += other.block == entry.block ? other.type.elements() : 0;
      type.shape = Shape{elements};
    }
    snapshot.blocks.put(entry.block, Tensor(type), entry.role);
  }
  for (const StateEntry& entry : kept.entries) write_entry(snapshot.blocks, entry, *kept.file.find(entry.name));
  snapshot.entries = kept.entries;
  return snapshot;
}

TEST(TrainingRun, SnapshotsCanBeKeptInFiles) {
  for (const Case& one : {cases()[8], cases()[9]}) {
    Rows train = some_rows(kRows, 3, 1), judged = some_rows(9, 3, 5);
    train.weighted = judged.weighted = one.weighted;
    const std::optional<Examples> validation = one.validates ? std::optional(judged.examples()) : std::nullopt;
    Network network = network_of(one), other = network_of(one);
    network.initialize(3);
    TrainingRun run(network, options_of(one), train.examples(), validation);
    for (int k = 0; k < 12; ++k) run.step();
    Kept written = kept(run.snapshot());
    const std::string path = ::testing::TempDir() + "snapshot.safetensors";
    write_safetensors(path, written.file);
    written.file = read_safetensors(path);
    TrainingRun rest(other, options_of(one), train.examples(), validation);
    rest.restore(taken_up(written));
    while (run.step()) continue;
    while (rest.step()) continue;
    EXPECT_EQ(bits(other), bits(network)) << one.name;
    EXPECT_EQ(rest.result().train_loss, run.result().train_loss) << one.name;
    EXPECT_EQ(rest.result().steps, run.result().steps) << one.name;
  }
}

TEST(TrainingRun, AStepAllocatesNothing) {
  const Case one = cases()[3];
  const Rows train = some_rows(kRows, 3, 1);
  TrainOptions options = options_of(one);
  options.gather_ahead = false;
  Network network = network_of(one);
  network.initialize(3);
  TrainingRun run(network, options, train.examples());
  run.step();
  const AllocationCounter counter;
  for (int k = 0; k < 12; ++k) run.step();
  EXPECT_EQ(counter.count(), 0);
}

TEST(TrainingRun, RefusesStateThatLiesOtherwise) {
  const Rows train = some_rows(kRows, 3, 1);
  const auto layers = [](const char* first, const char* second) {
    return Network(
        {.layer = nn::sequential({nn::dense(3, {.name = first}), nn::dense(1, {.name = second})}), .input = {3}});
  };
  Case one = cases()[3];
  one.optimizer = adam();
  Network network = layers("a", "b");
  network.initialize(3);
  TrainingRun run(network, options_of(one), train.examples());
  run.step();
  Network renamed = layers("b", "c");
  TrainingRun other_layers(renamed, options_of(one), train.examples());
  EXPECT_THROW(other_layers.restore(run.snapshot()), Error);
  one.optimizer = sgd();
  Network same = layers("a", "b");
  TrainingRun other_slots(same, options_of(one), train.examples());
  EXPECT_THROW(other_slots.restore(run.snapshot()), Error);
}

TEST(TrainingRun, ZerosThatWereMeantAreRestored) {
  const Rows train = some_rows(kRows, 3, 1);
  const Case one = cases()[3];
  Network network = network_of(one), other = network_of(one);
  network.set_parameters(Tensor(network.parameters().type()));
  TrainingRun run(network, options_of(one), train.examples());
  TrainingRun rest(other, options_of(one), train.examples());
  rest.restore(run.snapshot());
  EXPECT_NO_THROW(rest.step());
}

}  // namespace
}  // namespace hillock

// Runs a training: steps and epochs, validation, stopping, the best weights, and snapshots of its state.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/finite.h"
#include "hillock/error.h"
#include "hillock/run.h"
#include "rows/feed.h"
#include "rows/gather.h"
#include "state/blocks.h"
#include "state/cursor.h"
#include "train/evaluator.h"
#include "train/examples.h"
#include "train/fit_layers.h"
#include "train/full_batch.h"
#include "train/row_weights.h"
#include "train/training_state.h"

namespace hillock {
namespace {

constexpr const char* kBest = "best.";

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Defined in this file so that a step, which may take a fifth of a microsecond, is compiled into one function.
struct RunState {
  RunState(Network& trained, TrainOptions chosen, const RowSource& train, const RowSource* judged);

  bool advance(bool whole_epoch);
  bool run_step();
  double run_step(TrainingStep& step, const RowsView& batch);
  void report_step(const TrainingStep& step, double loss);
  bool finish_epoch();
  bool judge_epoch();
  bool end();
  void begin();
  void feed_from(std::int64_t first_batch);
  bool learnt_is_finite() const {
    return std::ranges::all_of(learnt, [](const Tensor* block) { return all_finite(*block); });
  }
  const Tensor* weights_or_none() const { return weights ? &*weights : nullptr; }
  double seconds() const { return seconds_before + seconds_since(start); }
  TrainResult& result() { return progress->result; }

  void visit(Cursor& cursor);
  void require(const Snapshot& snapshot) const;
  void require_entries(const Snapshot& snapshot) const;
  void put_best(Snapshot& snapshot) const;
  void take_best(const Snapshot& snapshot);

  Network& network;
  TrainOptions options;
  const RowSource& train;
  const RowSource* validation;  // nullptr if there is none
  std::vector<Tensor*> learnt;  // parameters and statistics
  std::int64_t rows = 0, batch = 0, steps_in_epoch = 0;
  std::optional<TrainingStep> full, rest;  // for whole batches, and for a smaller last one
  std::optional<Tensor> weights;           // of the training rows; normalized
  std::optional<FullBatch> full_batch;     // used instead for L-BFGS
  std::optional<BatchFeed> feed;
  std::optional<Evaluator> evaluator;
  std::optional<TrainingState> progress;
  std::int64_t step_in_epoch = 0;  // the next step, from 0
  bool begun = false, ended = false;
  double seconds_before = 0;  // of the run before it was restored
  std::chrono::steady_clock::time_point start;
};

RunState::RunState(Network& trained, TrainOptions chosen, const RowSource& given, const RowSource* judged)
    : network(trained),
      options(std::move(chosen)),
      train(given),
      validation(judged),
      learnt(blocks_of(network.store(), kLearnt)),
      rows(train.rows()),
      weights(normalized_weights(train)) {
  batch = options.batch_size <= 0 ? rows : std::min(options.batch_size, rows);
  steps_in_epoch = (rows + batch - 1) / batch;
  progress.emplace(options, rows, steps_in_epoch);
  StepOptions step = options.step;
  step.weighted = weights.has_value();
  step.steps = steps_of_all(options.epochs, steps_in_epoch);
  const TensorType& targets = *train.types().targets;
  full.emplace(network, batch, type_of_rows(targets, batch), step);
  if (rows % batch != 0) rest.emplace(network, rows % batch, type_of_rows(targets, rows % batch), step);
  if (step.optimizer.full_batch()) full_batch.emplace(network, *full, options, rows);
  if (validation != nullptr) evaluator.emplace(network, step.loss, *validation, step.session);
  for (const std::string& slot : step.optimizer.slots)
    network.store().put(slot, Tensor(network.parameters().type()), StateRole::slot);
  feed_from(0);
  start = std::chrono::steady_clock::now();
}

void RunState::feed_from(std::int64_t first_batch) {
  feed.emplace(train, weights_or_none(),
               BatchFeedOptions{.batch = batch,
                                .epochs = options.epochs,
                                .shuffle = options.shuffle && !full_batch,
                                .seed = options.seed,
                                .first = first_batch,
                                .ahead = options.gather_ahead,
                                .busy_threads = options.step.session.threads});
}

void RunState::begin() {
  start = std::chrono::steady_clock::now();
  if (options.fit_layers) fit_layers(network, train, weights_or_none(), options.step.session);
  require_initialized(network, "train");
  begun = true;
}

// Makes one step, or all that are left of the epoch. Returns whether there are more.
bool RunState::advance(bool whole_epoch) {
  if (ended) return false;
  if (progress->epoch() > options.epochs) return end();
  if (!begun) begin();
  do {
    if (!run_step()) return end();
  } while (whole_epoch && step_in_epoch < steps_in_epoch);
  if (step_in_epoch < steps_in_epoch) return true;
  step_in_epoch = 0;
  if (!finish_epoch() || progress->epoch() > options.epochs) return end();
  return true;
}

// Returns false if training ends within the epoch.
bool RunState::run_step() {
  const RowsView& fed = feed->next();
  TrainingStep& step = fed.rows() == batch ? *full : *rest;
  const double loss = run_step(step, fed);
  if (!step.updated()) return false;
  progress->stepped(loss, fed.rows());
  ++step_in_epoch;
  if (options.on_step) report_step(step, loss);
  if (options.interrupt != nullptr && options.interrupt->load(std::memory_order_relaxed))
    return !progress->stop(StopReason::interrupted);
  return true;
}

double RunState::run_step(TrainingStep& step, const RowsView& fed) {
  const std::int64_t number = progress->step();
  const double rate = progress->rate();
  const double loss = full_batch ? full_batch->run(fed, number, rate)
                                 : step.run(fed.features, fed.targets, number, rate, options.seed, 0, fed.weights);
  if (step.updated()) return loss;
  progress->stop(StopReason::not_finite);
  result().explanation = explain_not_finite(step, {fed, number, rate, options.seed}, loss);
  return loss;
}

void RunState::report_step(const TrainingStep& step, double loss) {
  options.on_step({.epoch = progress->epoch(),
                   .step = result().steps,
                   .steps_in_epoch = steps_in_epoch,
                   .steps_done_in_epoch = step_in_epoch,
                   .epochs = options.epochs,
                   .loss = loss,
                   .seconds = seconds(),
                   .training_step = &step});
}

// Returns false if training ends with this epoch.
bool RunState::finish_epoch() {
  if (!learnt_is_finite()) {
    result().explanation = progress->beyond(network.options().dtype);
    return !progress->stop(StopReason::not_finite);
  }
  progress->finish_steps();
  // If an epoch is one small step, the clock and a report that nobody reads would take a tenth of it.
  if (evaluator || options.on_epoch) {
    if (!judge_epoch()) return false;
  } else {
    progress->finish_epoch({});
  }
  if (progress->ends(validation != nullptr)) return false;
  return !(full_batch && full_batch->converged() && progress->stop(StopReason::converged));
}

// Validates, keeps the best weights and reports. Returns false if the callback ends training.
bool RunState::judge_epoch() {
  std::optional<Metrics> judged;
  if (evaluator) judged = evaluator->evaluate(options.target_scale);
  if (progress->finish_epoch(judged ? std::optional(judged->loss) : std::nullopt)) progress->keep_best(network.store());
  if (!options.on_epoch || options.on_epoch(progress->report(std::move(judged), seconds()))) return true;
  return !progress->stop(StopReason::callback);
}

bool RunState::end() {
  progress->end(network.store(), network.options().dtype);
  result().seconds = seconds();
  ended = true;
  return false;
}

// --- state ---

void RunState::visit(Cursor& cursor) {
  cursor.field("begun", begun);
  cursor.field("ended", ended);
  cursor.field("seconds", seconds_before);
  progress->visit(cursor);
  if (full_batch) full_batch->visit(cursor);
}

void RunState::put_best(Snapshot& snapshot) const {
  if (!progress->best()) return;
  const Store& best = *progress->best();
  for (const std::string& name : best.names()) snapshot.put(kBest + name, best.get(name), StateRole::cursor);
}

void RunState::take_best(const Snapshot& snapshot) {
  std::optional<Store> best;
  for (const std::string& name : network.store().names(kLearnt)) {
    if (!snapshot.blocks.has(kBest + name)) continue;
    if (!best) best.emplace();
    best->put(name, snapshot.blocks.get(kBest + name), network.store().role(name));
  }
  progress->set_best(std::move(best));
}

// Throws Error unless the snapshot has the same entries at the same places, without slots of another optimizer.
void RunState::require_entries(const Snapshot& snapshot) const {
  for (const StateEntry& ours : network.schema()) {
    const StateEntry& theirs = snapshot.entry(ours.name);
    if (theirs.role == ours.role && theirs.type == ours.type && theirs.block == ours.block &&
        theirs.offset == ours.offset)
      continue;
    throw Error(
        fmt::format("run: in the snapshot \"{}\" is the {} {} at {} of \"{}\", in this network the {} {} at {} of "
                    "\"{}\"; restore it over the same layers",
                    ours.name, name_of(theirs.role), theirs.type.to_string(), theirs.offset, theirs.block,
                    name_of(ours.role), ours.type.to_string(), ours.offset, ours.block));
  }
  const std::vector<std::string>& slots = options.step.optimizer.slots;
  for (const StateEntry& entry : snapshot.entries) {
    if (entry.role != StateRole::slot || (full_batch && entry.name.starts_with("lbfgs."))) continue;
    if (std::ranges::find(slots, entry.name) != slots.end()) continue;
    throw Error(fmt::format("run: the snapshot has \"{}\" of another optimizer than {}; restore it with the same one",
                            entry.name, options.step.optimizer.name));
  }
}

// Throws Error unless the snapshot comes from a run with the same settings where they must agree.
void RunState::require(const Snapshot& snapshot) const {
  const Store& store = network.store();
  std::vector<std::string> names = store.names(kLearnt);
  names.insert(names.end(), options.step.optimizer.slots.begin(), options.step.optimizer.slots.end());
  for (const std::string& name : names) snapshot.block(name, store.get(name).type());
  for (const std::string& name : store.names(kLearnt)) {
    if (snapshot.blocks.has(kBest + name)) snapshot.block(kBest + name, store.get(name).type());
  }
  require_entries(snapshot);
  Cursor cursor(snapshot);
  const auto require_same = [&](const char* name, std::int64_t ours) {
    std::int64_t theirs = 0;
    cursor.field(name, theirs);
    if (theirs == ours) return;
    throw Error(fmt::format(
        "run: the snapshot is of a run with {} {}, this one has {}; restore it with the same options and rows", theirs,
        name, ours));
  };
  require_same("rows", rows);
  require_same("batch", batch);
  require_same("seed", static_cast<std::int64_t>(options.seed));
}

void require_run(const Network& network, const TrainOptions& options, const RowSource& train,
                 const RowSource* validation) {
  require_options(options, network);
  require_rows(network, train, "train", "training");
  if (validation != nullptr) require_rows(network, *validation, "train", "validation");
}

// The sources that a run made of examples; nothing if it was given sources.
struct OwnRows {
  std::unique_ptr<const RowSource> own_train{}, own_validation{};
};

}  // namespace

struct TrainingRun::State : OwnRows, RunState {
  State(Network& trained, TrainOptions chosen, const RowSource& given, const RowSource* judged, OwnRows own = {})
      : OwnRows(std::move(own)), RunState(trained, std::move(chosen), given, judged) {}
};

TrainingRun::TrainingRun(Network& network, TrainOptions options, const RowSource& train, const RowSource* validation) {
  require_run(network, options, train, validation);
  state_ = std::make_unique<State>(network, std::move(options), train, validation);
}

TrainingRun::TrainingRun(Network& network, TrainOptions options, const Examples& train,
                         std::optional<Examples> validation) {
  require_options(options, network);
  OwnRows own{.own_train = std::make_unique<MemoryRows>(rows_of(network, train, "train", "training"))};
  if (validation)
    own.own_validation = std::make_unique<MemoryRows>(rows_of(network, *validation, "train", "validation"));
  const RowSource& rows = *own.own_train;
  const RowSource* const judged = own.own_validation.get();
  require_run(network, options, rows, judged);
  state_ = std::make_unique<State>(network, std::move(options), rows, judged, std::move(own));
}

TrainingRun::~TrainingRun() = default;
TrainingRun::TrainingRun(TrainingRun&&) noexcept = default;

bool TrainingRun::step() { return state_->advance(/*whole_epoch=*/false); }
bool TrainingRun::epoch() { return state_->advance(/*whole_epoch=*/true); }
bool TrainingRun::ended() const { return state_->ended; }
const TrainResult& TrainingRun::result() const { return state_->progress->result; }

const TrainResult& TrainingRun::finish() {
  if (!state_->ended) {
    state_->progress->stop(StopReason::callback);
    state_->end();
  }
  return result();
}

Snapshot TrainingRun::snapshot() const {
  State& state = *state_;
  Snapshot snapshot;
  const Store& store = state.network.store();
  copy_state(store, snapshot.blocks, kLearnt);
  snapshot.entries = state.network.schema();
  for (const std::string& slot : state.options.step.optimizer.slots)
    snapshot.put(slot, store.get(slot), StateRole::slot);
  state.put_best(snapshot);
  if (state.full_batch) state.full_batch->put_into(snapshot);
  Cursor cursor;
  const double before = std::exchange(state.seconds_before, state.ended ? state.result().seconds : state.seconds());
  std::int64_t seed = static_cast<std::int64_t>(state.options.seed);
  cursor.field("rows", state.rows);
  cursor.field("batch", state.batch);
  cursor.field("seed", seed);
  state.visit(cursor);
  state.seconds_before = before;
  cursor.put_into(snapshot);
  snapshot.explanation = state.result().explanation;
  return snapshot;
}

void TrainingRun::restore(const Snapshot& snapshot) {
  State& state = *state_;
  state.require(snapshot);
  if (state.full_batch) state.full_batch->take_from(snapshot);
  Cursor cursor(snapshot);
  state.visit(cursor);
  Store& store = state.network.store();
  state.network.set_parameters(snapshot.blocks.get(kParameterBlock));
  copy_state(snapshot.blocks, store, {StateRole::statistic});
  for (const std::string& slot : state.options.step.optimizer.slots)
    store.put(slot, snapshot.blocks.get(slot), StateRole::slot);
  state.take_best(snapshot);
  state.result().explanation = snapshot.explanation;
  // A run that ended after its last epoch may be given more, but not if it has restored its best weights.
  const TrainResult& result = state.result();
  if (result.stopped == StopReason::epochs && !result.best_weights && state.progress->epoch() <= state.options.epochs)
    state.ended = false;
  state.step_in_epoch = result.steps % state.steps_in_epoch;
  state.start = std::chrono::steady_clock::now();
  state.feed_from(state.result().steps);
}

}  // namespace hillock

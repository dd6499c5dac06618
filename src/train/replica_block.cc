#include "train/replica_block.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "core/float_mode.h"
#include "replicate/replica_copy.h"
#include "rows/gather.h"
#include "rows/order.h"
#include "state/blocks.h"
#include "train/examples.h"
#include "train/fit_layers.h"
#include "train/row_weights.h"

namespace hillock {
namespace {

// The state after fitting layers to the start's rows. Parameters that are not fitted keep their values.
Store fitted_state(const ReplicaSet& set, const ReplicaStart& start, const Tensor* weights) {
  Network network(set.network->options());
  network.set_parameters(start.parameters);
  copy_state(start.statistics, network.store(), kLearnt);
  fit_layers(network, MemoryRows(start.train), weights, {});
  Store state;
  copy_state(network.store(), state, kLearnt);
  return state;
}

}  // namespace

ReplicaBlock::ReplicaBlock(const ReplicaShape& shape, SharedFeatures shared, ReplicaPlanCache& plans,
                           ReplicaQueue& queue, std::int64_t replicas, std::int64_t fewest_replicas)
    : shape_(shape),
      shared_(shared),
      plans_(plans),
      queue_(queue),
      fewest_replicas_(fewest_replicas),
      replicas_(std::make_unique<StackedReplicas>(shape, shared, plans.get(replicas), replicas)),
      training_(static_cast<std::size_t>(replicas)),
      last_time_(std::chrono::steady_clock::now()) {}

void ReplicaBlock::run() {
  fill();
  while (!active_.empty() && !queue_.stopping) {
    run_epoch();
    finish_epoch();
    if (ended_) {
      fill();
      narrow();
    }
  }
}

void ReplicaBlock::list_active() {
  active_.clear();
  interrupts_.clear();
  for (std::size_t replica = 0; replica < training_.size(); ++replica) {
    if (!training_[replica].active) continue;
    active_.push_back(replica);
    const std::atomic<bool>* interrupt = training_[replica].set->options.interrupt;
    if (interrupt != nullptr && std::ranges::find(interrupts_, interrupt) == interrupts_.end())
      interrupts_.push_back(interrupt);
  }
  running_ = std::ssize(active_);
  ended_ = false;
}

void ReplicaBlock::fill() {
  for (std::size_t replica = 0; replica < training_.size(); ++replica) {
    if (training_[replica].active) continue;
    if (queue_.next >= queue_.starts.size()) break;
    const std::size_t next = queue_.next++;
    if (next < queue_.starts.size()) take(replica, queue_.starts[next]);
  }
  list_active();
}

void ReplicaBlock::take(std::size_t replica, ReplicaPlace place) {
  const ReplicaSet& set = queue_.sets[place.set];
  Training& training = training_[replica];
  training = Training{};
  training.place = place;
  training.set = &set;
  training.start = &set.starts[place.start];
  training.numbers = StepNumbers(set.options.step.optimizer, set.network->layout(),
                                 steps_of_all(set.options.epochs, shape_.steps_in_epoch()));
  const Examples& train = training.start->train;
  training.weights = normalized_weights(train);
  training.rows = {.features = *train.features,
                   .targets = *train.targets,
                   .weights = training.weights ? TensorView(*training.weights) : TensorView()};
  training.state.emplace(set.options, shape_.rows(), shape_.steps_in_epoch());
  training.order.resize(static_cast<std::size_t>(shape_.rows()));
  std::iota(training.order.begin(), training.order.end(), std::int64_t{0});
  training.seconds_before = share_seconds_;
  training.active = true;
  rows_are_fed_ = false;
  load(replica);
  const auto number = static_cast<std::int64_t>(replica);
  replicas_->clear_state(number);
  replicas_->set_state(number, training.start->statistics);
  replicas_->set_block(number, kParameterBlock, training.start->parameters);
  if (set.options.fit_layers && !set.network->layout().fits.empty())
    replicas_->set_state(number, fitted_state(set, *training.start, training.weights ? &*training.weights : nullptr));
}

// What a replica's buffers hold from epoch to epoch.
void ReplicaBlock::load(std::size_t replica) {
  const Training& training = training_[replica];
  const auto number = static_cast<std::int64_t>(replica);
  if (shared_.train) replicas_->feed_features_of_all(training.rows.features.raw());
  if (shape_.validation_rows() == 0) return;
  Examples validation = *training.start->validation;
  const std::optional<Tensor> weights = normalized_weights(validation);
  validation.weights = weights ? &*weights : nullptr;
  replicas_->set_validation(number, validation);
}

// To half as many replicas, once no more are at work.
void ReplicaBlock::narrow() {
  const std::int64_t at_work = std::ssize(active_);
  std::int64_t count = replicas_->count();
  while (count / 2 >= std::max(at_work, fewest_replicas_)) count /= 2;
  if (count == replicas_->count() || at_work == 0) return;
  const std::unique_ptr<StackedReplicas> wide =
      std::exchange(replicas_, std::make_unique<StackedReplicas>(shape_, shared_, plans_.get(count), count));
  std::vector<Training> kept;
  for (std::size_t replica = 0; replica < training_.size(); ++replica) {
    if (!training_[replica].active) continue;
    replicas_->set_state(std::ssize(kept), wide->state(static_cast<std::int64_t>(replica)));
    kept.push_back(std::move(training_[replica]));
  }
  training_ = std::move(kept);
  rows_are_fed_ = false;
  training_.resize(static_cast<std::size_t>(count));
  for (std::size_t replica = 0; replica < training_.size(); ++replica) {
    if (training_[replica].active) load(replica);
  }
  list_active();
}

void ReplicaBlock::run_epoch() {
  for (const std::size_t replica : active_) {
    Training& training = training_[replica];
    if (shape_.shuffles()) draw_order(training.start->seed, training.state->epoch(), training.order);
  }
  for (std::int64_t first = 0; first < shape_.rows() && running_ > 0; first += shape_.batch())
    run_step(first, std::min(shape_.batch(), shape_.rows() - first));
}

void ReplicaBlock::run_step(std::int64_t first_row, std::int64_t rows) {
  feed(first_row, rows);
  replicas_->run_before_writes(rows < shape_.batch());
  if (replicas_->finite()) {
    const void* const losses = replicas_->losses();
    for (const std::size_t replica : active_) {
      if (training_[replica].active)
        training_[replica].state->stepped(replicas_->number(losses, static_cast<std::int64_t>(replica)), rows);
    }
    replicas_->run_writes();
  } else {
    run_step_of_finite_replicas(first_row, rows);
  }
  for (const std::atomic<bool>* interrupt : interrupts_) {
    if (interrupt->load(std::memory_order_relaxed)) stop_interrupted(interrupt);
  }
}

void ReplicaBlock::stop_interrupted(const std::atomic<bool>* interrupt) {
  for (const std::size_t replica : active_) {
    if (!training_[replica].active || training_[replica].set->options.interrupt != interrupt) continue;
    training_[replica].state->stop(StopReason::interrupted);
    end(replica);
  }
}

// Some replicas update nothing: their trainings end with what they had before the step.
void ReplicaBlock::run_step_of_finite_replicas(std::int64_t first_row, std::int64_t rows) {
  const std::span<const std::int32_t> finite = replicas_->finite_replicas();
  for (std::size_t replica = 0; replica < finite.size(); ++replica) {
    Training& training = training_[replica];
    if (!training.active) continue;
    const double loss = replicas_->number(replicas_->losses(), static_cast<std::int64_t>(replica));
    if (finite[replica] != 0) {
      training.state->stepped(loss, rows);
      continue;
    }
    training.state->stop(StopReason::not_finite);
    training.state->result.explanation = explain(replica, first_row, rows, loss);
    end(replica);
  }
  replicas_->run_writes();
  for (std::size_t replica = 0; replica < finite.size(); ++replica) {
    if (!training_[replica].active) replicas_->clear_state(static_cast<std::int64_t>(replica));
  }
}

std::string ReplicaBlock::explain(std::size_t replica, std::int64_t first_row, std::int64_t rows, double loss) const {
  const Training& training = training_[replica];
  Network network(training.set->network->options());
  const Store state = replicas_->state(static_cast<std::int64_t>(replica));
  copy_state(state, network.store(), {StateRole::statistic, StateRole::slot});
  network.set_parameters(state.get(kParameterBlock));
  // What the graph does not show, such as numbers that the host feeds, may differ from set to set.
  StepOptions options = training.set->options.step;
  options.weighted = shape_.weighted();
  options.steps = steps_of_all(training.set->options.epochs, shape_.steps_in_epoch());
  const RowsView& all = training.rows;
  const TrainingStep step(network, rows, type_of_rows(all.targets.type(), rows), options);
  const std::span<const std::int64_t> numbers =
      std::span(training.order).subspan(static_cast<std::size_t>(first_row), static_cast<std::size_t>(rows));
  const Tensor features = take_rows(all.features, numbers), targets = take_rows(all.targets, numbers);
  const Tensor weights = all.weights ? take_rows(all.weights, numbers) : Tensor();
  return explain_not_finite(step,
                            {.rows = {.features = features, .targets = targets, .weights = weights},
                             .number = training.state->step(),
                             .rate = training.state->last_rate(),
                             .seed = training.start->seed},
                            loss);
}

// Replicas without a training are fed what another one gets.
void ReplicaBlock::feed_rows(std::int64_t first_row, std::int64_t rows) {
  fed_.assign(training_.size(), {});
  for (std::size_t replica = 0; replica < training_.size(); ++replica) {
    const Training& training = training_[training_[replica].active ? replica : active_.front()];
    fed_[replica] = {&training.rows, training.order.data() + first_row};
  }
  replicas_->feed_rows(fed_, rows);
  rows_are_fed_ = true;
}

void ReplicaBlock::feed(std::int64_t first_row, std::int64_t rows) {
  const bool gathers = shape_.steps_in_epoch() > 1;
  if (gathers && shared_.train) {
    const Tensor& features = *queue_.sets[queue_.starts.front().set].starts[queue_.starts.front().start].train.features;
    const std::size_t row_bytes = features.bytes() / static_cast<std::size_t>(features.shape()[0]);
    replicas_->feed_features_of_all(static_cast<const std::byte*>(features.raw()) +
                                    static_cast<std::size_t>(first_row) * row_bytes);
  }
  if (gathers || !rows_are_fed_) feed_rows(first_row, rows);
  const Training* before = nullptr;  // the training that the numbers were last computed for
  for (const std::size_t replica : active_) {
    Training& training = training_[replica];
    if (!training.active) continue;
    const auto number = static_cast<std::int64_t>(replica);
    if (shape_.draws()) replicas_->feed_position(number, training.start->seed, training.state->step());
    if (before == nullptr || !training.state->takes_rate_of(*before->state)) {
      const double rate = training.state->rate();
      const FlushToZero mode;  // as in a step of one training
      training.numbers.at(training.state->step(), rate);
      before = &training;
    }
    replicas_->feed_numbers(number, before->numbers.last());
  }
}

void ReplicaBlock::take_time() {
  const auto now = std::chrono::steady_clock::now();
  const double seconds = std::chrono::duration<double>(now - last_time_).count();
  share_seconds_ += seconds / static_cast<double>(active_.size());
  last_time_ = now;
}

void ReplicaBlock::finish_epoch() {
  take_time();
  if (!replicas_->learnt_is_finite()) {
    const std::vector<bool> finite = replicas_->replicas_with_finite_state();
    for (std::size_t replica = 0; replica < finite.size(); ++replica) {
      Training& training = training_[replica];
      if (finite[replica]) continue;
      if (training.active) {
        training.state->result.explanation = training.state->beyond(shape_.dtype());
        training.state->stop(StopReason::not_finite);
        end(replica);
      }
      replicas_->clear_state(static_cast<std::int64_t>(replica));
    }
  }
  const bool validates = shape_.validation_rows() > 0;
  if (validates) replicas_->validate();
  for (const std::size_t replica : active_) {
    if (!training_[replica].active) continue;
    std::optional<double> loss;
    if (validates) loss = replicas_->number(replicas_->validation_losses(), static_cast<std::int64_t>(replica));
    finish_epoch(replica, loss);
  }
}

void ReplicaBlock::finish_epoch(std::size_t replica, const std::optional<double>& validation_loss) {
  Training& training = training_[replica];
  TrainingState& state = *training.state;
  state.finish_steps();
  if (state.finish_epoch(validation_loss))
    replicas_->read_learnt(static_cast<std::int64_t>(replica), state.best_to_fill());
  if (training.set->on_epoch) {
    std::optional<Metrics> validation;
    if (validation_loss) validation = Metrics{.loss = *validation_loss, .rows = shape_.validation_rows()};
    const EpochReport report = state.report(std::move(validation), share_seconds_ - training.seconds_before);
    if (!training.set->on_epoch(training.place.start, report)) {
      state.stop(StopReason::callback);
      return end(replica);
    }
  }
  if (state.ends(validation_loss.has_value()) || state.epoch() > training.set->options.epochs) end(replica);
}

void ReplicaBlock::end(std::size_t replica) {
  Training& training = training_[replica];
  Store learnt;
  replicas_->read_learnt(static_cast<std::int64_t>(replica), learnt);
  training.state->end(learnt, shape_.dtype());
  training.state->result.seconds = share_seconds_ - training.seconds_before;
  if (training.set->on_end) training.set->on_end(training.place.start, training.state->result);
  ReplicaResult& result = queue_.results[training.place.set][training.place.start];
  result = {training.state->result, std::move(learnt.get(kParameterBlock)), true};
  copy_state(learnt, result.statistics, {StateRole::statistic});
  training.active = false;
  --running_;
  ended_ = true;
  replicas_->clear_state(static_cast<std::int64_t>(replica));
  replicas_->feed_numbers(static_cast<std::int64_t>(replica), std::vector<double>(training.numbers.last().size()));
}

}  // namespace hillock

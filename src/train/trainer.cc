// The trainer: steps to epochs, validation, stopping, the best weights.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/finite.h"
#include "hillock/error.h"
#include "hillock/train.h"
#include "train/batch_feed.h"
#include "train/evaluator.h"
#include "train/examples.h"
#include "train/full_batch.h"
#include "train/row_weights.h"
#include "train/step_graph.h"
#include "train/training_state.h"

namespace hillock {

std::string_view name_of(StopReason reason) {
  switch (reason) {
    case StopReason::epochs: return "epochs";
    case StopReason::target_loss: return "target-loss";
    case StopReason::patience: return "patience";
    case StopReason::interrupted: return "interrupted";
    case StopReason::callback: return "callback";
    case StopReason::not_finite: return "not-finite";
    case StopReason::converged: return "converged";
  }
  return "?";
}

namespace {

// Everything one call of fit() keeps.
class Run {
 public:
  Run(Network& network, const TrainOptions& options, const Examples& train, const std::optional<Examples>& validation)
      : network_(network), options_(options), validation_(validation), weights_(normalized_weights(train)) {
    rows_ = train.rows();
    StepOptions step = options.step;
    step.weighted = weights_.has_value();
    batch_ = options.batch_size <= 0 ? rows_ : std::min(options.batch_size, rows_);
    steps_in_epoch_ = (rows_ + batch_ - 1) / batch_;
    step.steps = options.epochs * steps_in_epoch_;
    state_.emplace(options, rows_, steps_in_epoch_);
    full_.emplace(network, batch_, batch_targets(*train.targets, batch_), step);
    if (rows_ % batch_ != 0)
      rest_.emplace(network, rows_ % batch_, batch_targets(*train.targets, rows_ % batch_), step);
    if (options.step.optimizer.lbfgs) full_batch_.emplace(network, *full_, options, rows_);
    if (validation) evaluator_.emplace(network, options.step.loss, *validation, options.step.session);
    for (const std::string& slot : options.step.optimizer.slots)
      network.store().put(slot, Tensor(network.store().get(slot).type()), StateRole::slot);
    const Examples fed{train.features, train.targets, weights_ ? &*weights_ : nullptr};
    feed_.emplace(fed, BatchFeedOptions{.batch = batch_,
                                        .epochs = options.epochs,
                                        .shuffle = options.shuffle && !full_batch_,
                                        .seed = options.seed,
                                        .ahead = options.gather_ahead,
                                        .busy_threads = options.step.session.threads});
  }

  TrainResult fit() {
    start_ = std::chrono::steady_clock::now();
    while (state_->epoch() <= options_.epochs && run_epoch() && finish_epoch()) continue;
    state_->end(network_.store(), network_.options().dtype);
    result().seconds = seconds();
    return result();
  }

 private:
  TrainResult& result() { return state_->result; }
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  bool finite() const {
    return std::ranges::all_of(learnt_, [](const Tensor* block) { return all_finite(*block); });
  }

  // False if training ends within the epoch.
  bool run_epoch() {
    const std::int64_t epoch = state_->epoch();
    for (std::int64_t k = 0; k < steps_in_epoch_; ++k) {
      const BatchFeed::Batch batch = feed_->next();
      TrainingStep& step = batch.rows == batch_ ? *full_ : *rest_;
      const double loss = run_step(step, batch);
      if (!step.updated()) return false;
      state_->stepped(loss, batch.rows);
      if (options_.on_step) {
        options_.on_step({.epoch = epoch,
                          .step = result().steps,
                          .steps_in_epoch = steps_in_epoch_,
                          .steps_done_in_epoch = k + 1,
                          .epochs = options_.epochs,
                          .loss = loss,
                          .seconds = seconds(),
                          .training_step = &step});
      }
      if (options_.interrupt != nullptr && options_.interrupt->load(std::memory_order_relaxed))
        return !state_->stop(StopReason::interrupted);
    }
    if (!finite()) {
      result().explanation = state_->beyond(network_.options().dtype);
      return !state_->stop(StopReason::not_finite);
    }
    state_->finish_steps();
    return true;
  }

  double run_step(TrainingStep& step, const BatchFeed::Batch& batch) {
    const std::int64_t number = state_->step();
    const double rate = state_->rate();
    const double loss = full_batch_
                            ? full_batch_->run(batch.features, batch.targets, batch.weights, number, rate)
                            : step.run(batch.features, batch.targets, number, rate, options_.seed, 0, batch.weights);
    if (step.updated()) return loss;
    state_->stop(StopReason::not_finite);
    result().explanation =
        explain_not_finite(step, {batch.features, batch.targets, number, rate, options_.seed, batch.weights}, loss);
    return loss;
  }

  // False if training ends after this epoch.
  bool finish_epoch() {
    std::optional<Metrics> validation;
    if (validation_) validation = evaluator_->evaluate(options_.target_scale);
    if (state_->finish_epoch(validation ? std::optional(validation->loss) : std::nullopt))
      state_->keep_best(network_.store());
    // Where an epoch is one small step, the clock and a report that nobody reads take a tenth of it.
    if (options_.on_epoch && !options_.on_epoch(state_->report(std::move(validation), seconds())))
      return !state_->stop(StopReason::callback);
    if (state_->ends(validation_.has_value())) return false;
    return !(full_batch_ && full_batch_->converged() && state_->stop(StopReason::converged));
  }

  Network& network_;
  const TrainOptions& options_;
  const std::optional<Examples>& validation_;
  std::vector<Tensor*> learnt_ = blocks_of(network_.store(), kLearnt);
  std::int64_t rows_ = 0, batch_ = 0, steps_in_epoch_ = 0;
  std::optional<TrainingStep> full_, rest_;  // for whole batches, and for a smaller last one
  std::optional<Tensor> weights_;            // of the training rows; the feed reads them
  std::optional<FullBatch> full_batch_;      // instead, for L-BFGS
  std::optional<BatchFeed> feed_;
  std::optional<Evaluator> evaluator_;
  std::optional<TrainingState> state_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace

Trainer::Trainer(Network& network, TrainOptions options) : network_(network), options_(std::move(options)) {
  require_options(options_, network_.options().dtype);
}

TrainResult Trainer::fit(const Examples& train, std::optional<Examples> validation) {
  require_examples(network_, train, "training");
  if (validation) require_examples(network_, *validation, "validation");
  return Run(network_, options_, train, validation).fit();
}

}  // namespace hillock

// The trainer: steps to epochs, validation, stopping, the best weights.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/finite.h"
#include "hillock/error.h"
#include "hillock/train.h"
#include "train/batch_feed.h"
#include "train/evaluator.h"
#include "train/full_batch.h"
#include "train/row_weights.h"

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

void require_examples(const Network& network, const Examples& examples, std::string_view what) {
  if (examples.features == nullptr || examples.targets == nullptr)
    throw Error(fmt::format("train: the {} rows are missing", what));
  const TensorType& features = examples.features->type();
  if (features.dtype != network.options().dtype || features.shape.rank() < 1 || features.shape[0] < 1 ||
      features.elements() != features.shape[0] * network.options().input.elements()) {
    throw Error(fmt::format("train: the {} features are {}; the network takes rows of {} {}", what,
                            features.to_string(), name_of(network.options().dtype),
                            network.options().input.to_string()));
  }
  const TensorType& targets = examples.targets->type();
  if (targets.shape.rank() < 1 || targets.shape[0] != features.shape[0]) {
    throw Error(fmt::format("train: {} {} rows have targets {}; there must be one for each row", features.shape[0],
                            what, targets.to_string()));
  }
  require_weights(examples, network.options().dtype, fmt::format("train: the {}", what));
}

// The type of the targets of `batch` rows.
TensorType batch_targets(const Tensor& targets, std::int64_t batch) {
  TensorType type = targets.type();
  std::vector<std::int64_t> dims(type.shape.dims().begin(), type.shape.dims().end());
  dims[0] = batch;
  type.shape = Shape(std::span<const std::int64_t>(dims));
  return type;
}

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
    full_.emplace(network, batch_, batch_targets(*train.targets, batch_), step);
    if (rows_ % batch_ != 0)
      rest_.emplace(network, rows_ % batch_, batch_targets(*train.targets, rows_ % batch_), step);
    if (options.step.optimizer.lbfgs) full_batch_.emplace(network, *full_, options, rows_);
    if (validation) evaluator_.emplace(network, options.step.loss, *validation, options.step.session);
    for (const std::string& slot : options.step.optimizer.slots)
      network.store().put(slot, Tensor(network.store().get(slot).type()));
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
    for (std::int64_t epoch = 1; epoch <= options_.epochs; ++epoch) {
      if (!run_epoch(epoch)) break;
      result_.epochs = epoch;
      if (!finish_epoch(epoch)) break;
    }
    if (!best_.empty()) {
      std::memcpy(parameters_.raw(), best_.data(), best_.size());
      result_.best_weights = true;
    }
    result_.finite = all_finite(parameters_);
    if (!result_.finite && result_.stopped != StopReason::not_finite) {
      result_.stopped = StopReason::not_finite;  // interrupted or stopped right after an update that overflowed
      result_.explanation = beyond_dtype();
    }
    result_.seconds = seconds();
    return result_;
  }

 private:
  std::string beyond_dtype() const {
    return fmt::format("the weights became infinite or NaN in epoch {}: an update was beyond {}", result_.epochs + 1,
                       name_of(network_.options().dtype));
  }
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  // False if training ends within the epoch.
  bool run_epoch(std::int64_t epoch) {
    double sum = 0;
    for (std::int64_t k = 0; k < steps_in_epoch_; ++k) {
      const BatchFeed::Batch batch = feed_->next();
      TrainingStep& step = batch.rows == batch_ ? *full_ : *rest_;
      const double loss = run_step(step, batch);
      if (!step.updated()) return false;
      sum += loss * static_cast<double>(batch.rows);
      if (options_.on_step) {
        options_.on_step({.epoch = epoch,
                          .step = result_.steps,
                          .steps_in_epoch = steps_in_epoch_,
                          .steps_done_in_epoch = k + 1,
                          .epochs = options_.epochs,
                          .loss = loss,
                          .seconds = seconds()});
      }
      if (options_.interrupt != nullptr && options_.interrupt->load(std::memory_order_relaxed)) {
        result_.stopped = StopReason::interrupted;
        return false;
      }
    }
    if (!all_finite(parameters_)) {
      result_.explanation = beyond_dtype();
      return stop(StopReason::not_finite);
    }
    result_.train_loss = sum / static_cast<double>(rows_);
    return true;
  }

  double run_step(TrainingStep& step, const BatchFeed::Batch& batch) {
    const std::int64_t number = result_.steps + 1;
    const double factor = options_.schedule.factor(number, options_.epochs * steps_in_epoch_);
    rate_ = options_.rate * factor * plateau_.factor();
    const double loss = full_batch_
                            ? full_batch_->run(batch.features, batch.targets, batch.weights, number, rate_)
                            : step.run(batch.features, batch.targets, number, rate_, options_.seed, 0, batch.weights);
    if (step.updated()) {
      result_.steps = number;
    } else {
      result_.stopped = StopReason::not_finite;
      const std::string what =
          std::isfinite(loss) ? "the gradient became infinite or NaN" : fmt::format("the loss became {}", loss);
      result_.explanation = fmt::format(
          "{} at step {}: {}", what, number,
          step.explain_not_finite(batch.features, batch.targets, number, rate_, options_.seed, 0, batch.weights));
    }
    return loss;
  }

  // False if training ends after this epoch.
  bool finish_epoch(std::int64_t epoch) {
    std::optional<Metrics> validation;
    if (validation_) {
      validation = evaluator_->evaluate(options_.target_scale);
      result_.validation_loss = validation->loss;
      if (validation->loss < best_loss_) keep_best(epoch, validation->loss);
    }
    if (options_.schedule.kind == Schedule::Kind::on_plateau)
      plateau_.observe(validation ? validation->loss : result_.train_loss);
    // Where an epoch is one small step, the clock and a report that nobody reads take a tenth of it.
    if (options_.on_epoch && !options_.on_epoch({.epoch = epoch,
                                                 .epochs = options_.epochs,
                                                 .steps = result_.steps,
                                                 .train_loss = result_.train_loss,
                                                 .validation = std::move(validation),
                                                 .rate = rate_,
                                                 .seconds = seconds(),
                                                 .best = result_.best_epoch == epoch})) {
      return stop(StopReason::callback);
    }
    if (options_.target_loss && result_.train_loss <= *options_.target_loss) return stop(StopReason::target_loss);
    if (options_.patience > 0 && validation_ && epoch - result_.best_epoch >= options_.patience)
      return stop(StopReason::patience);
    if (full_batch_ && full_batch_->converged()) return stop(StopReason::converged);
    return true;
  }

  bool stop(StopReason reason) {
    result_.stopped = reason;
    return false;
  }

  void keep_best(std::int64_t epoch, double loss) {
    best_loss_ = loss;
    result_.best_validation_loss = loss;
    result_.best_train_loss = result_.train_loss;
    result_.best_epoch = epoch;
    best_.resize(parameters_.bytes());
    std::memcpy(best_.data(), parameters_.raw(), best_.size());
  }

  Network& network_;
  const TrainOptions& options_;
  const std::optional<Examples>& validation_;
  Tensor& parameters_ = network_.store().get("parameters");
  std::int64_t rows_ = 0, batch_ = 0, steps_in_epoch_ = 0;
  std::optional<TrainingStep> full_, rest_;  // for whole batches, and for a smaller last one
  std::optional<Tensor> weights_;            // of the training rows; the feed reads them
  std::optional<FullBatch> full_batch_;      // instead, for L-BFGS
  std::optional<BatchFeed> feed_;
  std::optional<Evaluator> evaluator_;
  std::vector<std::byte> best_;
  double best_loss_ = std::numeric_limits<double>::infinity();
  double rate_ = 0;
  Plateau plateau_{options_.schedule};
  std::chrono::steady_clock::time_point start_;
  TrainResult result_;
};

}  // namespace

Trainer::Trainer(Network& network, TrainOptions options) : network_(network), options_(std::move(options)) {
  if (options_.epochs < 0) throw Error(fmt::format("train: {} epochs; ask for 0 or more", options_.epochs));
  const double most =
      network_.options().dtype == DType::f32 ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  if (std::isnan(options_.rate)) throw Error("train: the learning rate is NaN; give a number, for example 0.001");
  if (std::abs(options_.rate) > most) {
    throw Error(fmt::format("train: the learning rate {} is beyond {}; give a smaller one", options_.rate,
                            name_of(network_.options().dtype)));
  }
}

TrainResult Trainer::fit(const Examples& train, std::optional<Examples> validation) {
  require_examples(network_, train, "training");
  if (validation) require_examples(network_, *validation, "validation");
  return Run(network_, options_, train, validation).fit();
}

}  // namespace hillock

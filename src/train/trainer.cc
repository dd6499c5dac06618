// The trainer: steps to epochs, validation, stopping, the best weights.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "core/finite.h"
#include "core/random.h"
#include "hillock/error.h"
#include "hillock/train.h"
#include "train/evaluator.h"

namespace hillock {

std::string_view name_of(StopReason reason) {
  switch (reason) {
    case StopReason::epochs: return "epochs";
    case StopReason::target_loss: return "target-loss";
    case StopReason::patience: return "patience";
    case StopReason::interrupted: return "interrupted";
    case StopReason::callback: return "callback";
    case StopReason::not_finite: return "not-finite";
  }
  return "?";
}

namespace {

// Copies chosen rows side by side; batches of consecutive rows need no copy.
class BatchSource {
 public:
  BatchSource(const Tensor& tensor, std::int64_t batch) : tensor_(tensor) {
    const std::int64_t rows = tensor.shape()[0];
    row_bytes_ = rows == 0 ? 0 : tensor.bytes() / static_cast<std::size_t>(rows);
    buffer_.resize(row_bytes_ * static_cast<std::size_t>(batch));
  }
  const void* gather(std::span<const std::int64_t> rows) {
    for (std::size_t k = 0; k < rows.size(); ++k)
      std::memcpy(buffer_.data() + k * row_bytes_, row(rows[k]), row_bytes_);
    return buffer_.data();
  }
  const std::byte* row(std::int64_t index) const {
    return static_cast<const std::byte*>(tensor_.raw()) + static_cast<std::size_t>(index) * row_bytes_;
  }

 private:
  const Tensor& tensor_;
  std::size_t row_bytes_ = 0;
  std::vector<std::byte> buffer_;
};

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
      : network_(network), options_(options), validation_(validation) {
    rows_ = train.rows();
    batch_ = options.batch_size <= 0 ? rows_ : std::min(options.batch_size, rows_);
    steps_in_epoch_ = (rows_ + batch_ - 1) / batch_;
    order_.resize(static_cast<std::size_t>(rows_));
    std::iota(order_.begin(), order_.end(), std::int64_t{0});
    full_.emplace(network, batch_, batch_targets(*train.targets, batch_), options.step);
    if (rows_ % batch_ != 0)
      rest_.emplace(network, rows_ % batch_, batch_targets(*train.targets, rows_ % batch_), options.step);
    features_.emplace(*train.features, batch_);
    targets_.emplace(*train.targets, batch_);
    if (validation) evaluator_.emplace(network, options.step.loss, *validation, options.step.session);
    for (const std::string& slot : options.step.optimizer.slots)
      network.store().put(slot, Tensor(network.store().get(slot).type()));
  }

  TrainResult fit() {
    start_ = std::chrono::steady_clock::now();
    for (std::int64_t epoch = 1; epoch <= options_.epochs; ++epoch) {
      if (!run_epoch(epoch)) break;
      result_.epochs = epoch;
      if (!finish_epoch(epoch)) break;
    }
    if (!best_.empty()) {
      std::memcpy(parameters().raw(), best_.data(), best_.size());
      result_.best_weights = true;
    }
    result_.finite = all_finite(parameters());
    result_.seconds = seconds();
    return result_;
  }

 private:
  Tensor& parameters() { return network_.store().get("parameters"); }
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  // False if training ends within the epoch.
  bool run_epoch(std::int64_t epoch) {
    // Rows that all go into one step need no order.
    const bool shuffled = options_.shuffle && steps_in_epoch_ > 1;
    if (shuffled) {
      std::iota(order_.begin(), order_.end(), std::int64_t{0});  // an epoch's order depends on no earlier epoch
      PhiloxStream random(options_.seed, "shuffle", static_cast<std::uint64_t>(epoch));
      hillock::shuffle(std::span(order_), random);
    }
    double sum = 0;
    for (std::int64_t k = 0; k < steps_in_epoch_; ++k) {
      const std::int64_t first = k * batch_;
      const std::int64_t count = std::min(batch_, rows_ - first);
      const std::span<const std::int64_t> rows(order_.data() + first, static_cast<std::size_t>(count));
      const void* features = shuffled ? features_->gather(rows) : features_->row(first);
      const void* targets = shuffled ? targets_->gather(rows) : targets_->row(first);
      TrainingStep& step = count == batch_ ? *full_ : *rest_;
      const double loss = run_step(step, features, targets);
      if (!step.updated()) return false;
      sum += loss * static_cast<double>(count);
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
    if (!all_finite(parameters())) {
      result_.explanation = fmt::format("the weights became infinite or NaN in epoch {}: an update was beyond {}",
                                        epoch, name_of(network_.options().dtype));
      return stop(StopReason::not_finite);
    }
    result_.train_loss = sum / static_cast<double>(rows_);
    return true;
  }

  double run_step(TrainingStep& step, const void* features, const void* targets) {
    const std::int64_t number = result_.steps + 1;
    rate_ = options_.rate * options_.schedule.factor(number, options_.epochs * steps_in_epoch_);
    const double loss = step.run(features, targets, number, rate_, options_.seed);
    if (step.updated()) {
      result_.steps = number;
    } else {
      result_.stopped = StopReason::not_finite;
      const std::string what =
          std::isfinite(loss) ? "the gradient became infinite or NaN" : fmt::format("the loss became {}", loss);
      result_.explanation = fmt::format("{} at step {}: {}", what, number,
                                        step.explain_not_finite(features, targets, number, rate_, options_.seed));
    }
    return loss;
  }

  // False if training ends after this epoch.
  bool finish_epoch(std::int64_t epoch) {
    EpochReport report{.epoch = epoch,
                       .epochs = options_.epochs,
                       .steps = result_.steps,
                       .train_loss = result_.train_loss,
                       .validation = {},
                       .rate = rate_};
    if (validation_) {
      report.validation = evaluator_->evaluate(options_.target_scale);
      report.best = report.validation->loss < best_loss_;
      if (report.best) keep_best(epoch, report.validation->loss);
    }
    report.seconds = seconds();
    if (options_.on_epoch && !options_.on_epoch(report)) return stop(StopReason::callback);
    if (options_.target_loss && result_.train_loss <= *options_.target_loss) return stop(StopReason::target_loss);
    if (options_.patience > 0 && validation_ && epoch - result_.best_epoch >= options_.patience)
      return stop(StopReason::patience);
    return true;
  }

  bool stop(StopReason reason) {
    result_.stopped = reason;
    return false;
  }

  void keep_best(std::int64_t epoch, double loss) {
    best_loss_ = loss;
    result_.best_epoch = epoch;
    best_.resize(parameters().bytes());
    std::memcpy(best_.data(), parameters().raw(), best_.size());
  }

  Network& network_;
  const TrainOptions& options_;
  const std::optional<Examples>& validation_;
  std::int64_t rows_ = 0, batch_ = 0, steps_in_epoch_ = 0;
  std::vector<std::int64_t> order_;
  std::optional<TrainingStep> full_, rest_;  // for whole batches, and for a smaller last one
  std::optional<BatchSource> features_, targets_;
  std::optional<Evaluator> evaluator_;
  std::vector<std::byte> best_;
  double best_loss_ = std::numeric_limits<double>::infinity();
  double rate_ = 0;
  std::chrono::steady_clock::time_point start_;
  TrainResult result_;
};

}  // namespace

Trainer::Trainer(Network& network, TrainOptions options) : network_(network), options_(std::move(options)) {
  if (options_.epochs < 0) throw Error(fmt::format("train: {} epochs; ask for 0 or more", options_.epochs));
  const double most =
      network_.options().dtype == DType::f32 ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  if (!(std::abs(options_.rate) <= most)) {
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

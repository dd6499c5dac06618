// Loss and metrics of a network on a set of rows.
#include <fmt/format.h>

#include <cstring>

#include "hillock/error.h"
#include "hillock/train.h"
#include "train/evaluator.h"
#include "train/examples.h"
#include "train/row_weights.h"
#include "train/step_graph.h"

namespace hillock {
namespace {

constexpr std::int64_t kBatch = 256;

}  // namespace

Evaluator::Evaluator(const Network& network, const nn::Loss& loss, const Examples& examples,
                     const SessionOptions& options)
    : examples_(examples),
      weights_(normalized_weights(examples)),
      margins_(loss.margins()),
      batch_(std::clamp<std::int64_t>(examples.rows(), 1, kBatch)) {
  const std::int64_t rows = examples.rows();
  const ForwardGraph forward = describe_forward(network, batch_);
  forward_plan_ = std::make_unique<Plan>(forward.graph, PlanOptions{.outputs = {forward.logits}});
  forward_ = std::make_unique<Session>(*forward_plan_, network.store(), options);
  last_batch_ = Tensor(forward_plan_->inputs()[0].type);
  logits_ = Tensor(TensorType{network.options().dtype, {rows, network.outputs()}, {}});
  prediction_ = logits_;

  const LossGraph judge = describe_loss(network, loss, examples.targets->type(), weights_.has_value());
  loss_plan_ = std::make_unique<Plan>(judge.graph, PlanOptions{.outputs = {judge.loss, judge.prediction}});
  loss_ = std::make_unique<Session>(*loss_plan_, nothing_, options);
  loss_->bind("logits", logits_);
  loss_->bind("targets", *examples.targets);
  if (weights_) loss_->bind("weights", *weights_);
}

void Evaluator::forward() {
  const std::int64_t rows = examples_.rows();
  const std::size_t row_bytes = last_batch_.bytes() / static_cast<std::size_t>(batch_);
  const std::size_t out_bytes = logits_.bytes() / static_cast<std::size_t>(std::max<std::int64_t>(rows, 1));
  for (std::int64_t first = 0; first < rows; first += batch_) {
    const std::int64_t count = std::min(batch_, rows - first);
    const void* from =
        static_cast<const std::byte*>(examples_.features->raw()) + static_cast<std::size_t>(first) * row_bytes;
    if (count < batch_) {
      std::memcpy(last_batch_.raw(), from, static_cast<std::size_t>(count) * row_bytes);
      from = last_batch_.raw();
    }
    forward_->bind(0, from);
    forward_->run();
    std::memcpy(static_cast<std::byte*>(logits_.raw()) + static_cast<std::size_t>(first) * out_bytes,
                forward_->output(0), static_cast<std::size_t>(count) * out_bytes);
  }
}

Metrics Evaluator::evaluate(const TargetScale& scale) {
  forward();
  loss_->run();
  std::memcpy(prediction_.raw(), loss_->output(1), prediction_.bytes());
  const Tensor* weights = weights_ ? &*weights_ : nullptr;
  Metrics metrics = is_float(examples_.targets->dtype())
                        ? regression_metrics(prediction_, *examples_.targets, scale, weights)
                        : classification_metrics(prediction_, *examples_.targets, weights, margins_);
  metrics.loss = loss_->scalar(0);
  return metrics;
}

Metrics evaluate(const Network& network, const nn::Loss& loss, const Examples& examples, const TargetScale& scale,
                 const SessionOptions& options) {
  if (!loss) throw Error("evaluate: there is no loss; pass the one that the network was trained with");
  require_examples(network, examples, "evaluate", "");
  require_scale(scale, "evaluate", network.outputs());
  return Evaluator(network, loss, examples, options).evaluate(scale);
}

}  // namespace hillock

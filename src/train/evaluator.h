// Judges a network on the same rows again and again: plans and buffers are made once.
#pragma once

#include <memory>
#include <optional>

#include "hillock/train.h"

namespace hillock {

class Evaluator {
 public:
  // `network` and the tensors of `examples` must outlive the evaluator; weights have passed
  // require_weights.
  Evaluator(const Network& network, const nn::Loss& loss, const Examples& examples, const SessionOptions& options);
  Metrics evaluate(const TargetScale& scale);

 private:
  void forward();

  Examples examples_;
  std::optional<Tensor> weights_;
  bool margins_ = false;
  std::int64_t batch_ = 1;
  std::unique_ptr<Plan> forward_plan_, loss_plan_;
  std::unique_ptr<Session> forward_, loss_;
  Store nothing_;      // the loss has no state
  Tensor last_batch_;  // rows that do not fill a batch, then zeros
  Tensor logits_, prediction_;
};

}  // namespace hillock

// Judges a network on the same rows again and again: plans and buffers are made once. Rows go through in blocks, so
// that what is held grows with them only by a weight a row, where rows have weights, and what metrics sort
// (train/running_metrics.h), except with a loss that is a function of all rows at once.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "hillock/train.h"
#include "train/running_metrics.h"

namespace hillock {

// One pass of all rows through a network, and their loss.
class RowJudge {
 public:
  // What the pass shows: the next rows' predictions [rows, outputs] and their targets, valid during the call.
  using See = std::function<void(const TensorView& predictions, const TensorView& targets)>;

  virtual ~RowJudge() = default;
  // The loss of all rows as one batch.
  virtual double run(const See& see) = 0;
};

// `network` and the rows must outlive what these return; so must `weights`, which are normalized (nullptr: none).
// For a loss by row: block by block.
std::unique_ptr<RowJudge> judge_by_block(const Network& network, const nn::Loss& loss, const RowSource& rows,
                                         const Tensor* weights, const SessionOptions& options);
// For any loss: outputs and targets of all rows are held.
std::unique_ptr<RowJudge> judge_at_once(const Network& network, const nn::Loss& loss, const RowSource& rows,
                                        const Tensor* weights, const SessionOptions& options);

class Evaluator {
 public:
  // `network` and the rows, which have passed require_rows, must outlive the evaluator.
  Evaluator(const Network& network, const nn::Loss& loss, const RowSource& rows, const SessionOptions& options);
  Evaluator(const Evaluator&) = delete;  // its judge points to its weights
  Evaluator& operator=(const Evaluator&) = delete;
  Metrics evaluate(const TargetScale& scale);

 private:
  const Tensor* weights_or_none() const { return weights_ ? &*weights_ : nullptr; }

  std::int64_t rows_, outputs_;
  std::optional<Tensor> weights_;
  bool margins_;
  std::unique_ptr<RowJudge> judge_;
  std::optional<TargetSummary> targets_;  // of numbers
};

}  // namespace hillock

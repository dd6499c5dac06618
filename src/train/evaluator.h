// Evaluates a network on the same rows repeatedly, making plans and buffers once. Rows are processed in blocks, so that
// memory grows with the number of rows only by their weights, if they have any, and by what metrics have to sort
// (train/running_metrics.h). Losses that are a function of all rows at once are the exception.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "hillock/train.h"
#include "train/running_metrics.h"

namespace hillock {

// Passes all rows through a network and computes their loss.
class RowJudge {
 public:
  // Receives the predictions [rows, outputs] of the next rows and their targets, both valid during the call.
  using See = std::function<void(const TensorView& predictions, const TensorView& targets)>;

  virtual ~RowJudge() = default;
  // Returns the loss of all rows as one batch.
  virtual double run(const See& see) = 0;
};

// `network` and the rows must outlive the result, and so must `weights`, which are normalized (nullptr: none). For
// losses that are computed row by row; processes rows in blocks.
std::unique_ptr<RowJudge> judge_by_block(const Network& network, const nn::Loss& loss, const RowSource& rows,
                                         const Tensor* weights, const SessionOptions& options);
// For any loss. Holds the outputs and targets of all rows.
std::unique_ptr<RowJudge> judge_at_once(const Network& network, const nn::Loss& loss, const RowSource& rows,
                                        const Tensor* weights, const SessionOptions& options);

class Evaluator {
 public:
  // `network` and the rows must outlive the evaluator. The rows must have passed require_rows.
  Evaluator(const Network& network, const nn::Loss& loss, const RowSource& rows, const SessionOptions& options);
  Evaluator(const Evaluator&) = delete;  // not copyable: judge_ points to weights_
  Evaluator& operator=(const Evaluator&) = delete;
  Metrics evaluate(const TargetScale& scale);

 private:
  const Tensor* weights_or_none() const { return weights_ ? &*weights_ : nullptr; }

  std::int64_t rows_, outputs_;
  std::optional<Tensor> weights_;
  bool margins_;
  std::unique_ptr<RowJudge> judge_;
  std::optional<TargetSummary> targets_;  // for numeric targets
};

}  // namespace hillock

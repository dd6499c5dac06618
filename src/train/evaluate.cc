// Computes loss and metrics of a network on a set of rows.
#include "hillock/error.h"
#include "hillock/train.h"
#include "rows/reader.h"
#include "train/evaluator.h"
#include "train/examples.h"
#include "train/row_weights.h"

namespace hillock {
namespace {

void require_judge(const Network& network, const nn::Loss& loss, const TargetScale& scale) {
  if (!loss) throw Error("evaluate: there is no loss; pass the one that the network was trained with");
  require_scale(scale, "evaluate", network.outputs());
}

}  // namespace

Evaluator::Evaluator(const Network& network, const nn::Loss& loss, const RowSource& rows, const SessionOptions& options)
    : rows_(rows.rows()),
      outputs_(network.outputs()),
      weights_(normalized_weights(rows)),
      margins_(loss.margins()),
      judge_((loss.by_row() != nullptr ? judge_by_block : judge_at_once)(network, loss, rows, weights_or_none(),
                                                                         options)) {
  if (!is_float(rows.types().targets->dtype)) return;
  targets_.emplace(rows_, outputs_, weights_or_none());
  for_each_block(rows, kScanRows, {.targets = true},
                 [&](std::int64_t, const RowsView& block) { targets_->add(block.targets); });
}

Metrics Evaluator::evaluate(const TargetScale& scale) {
  const auto judge = [&](auto&& judged) {
    const double loss = judge_->run(
        [&](const TensorView& predictions, const TensorView& targets) { judged.add(predictions, targets); });
    Metrics metrics = judged.result();
    metrics.loss = loss;
    return metrics;
  };
  if (targets_) return judge(RegressionMetrics(*targets_, rows_, outputs_, scale, weights_or_none()));
  return judge(ClassificationMetrics(outputs_, margins_, weights_or_none()));
}

Metrics evaluate(const Network& network, const nn::Loss& loss, const Examples& examples, const TargetScale& scale,
                 const SessionOptions& options) {
  require_judge(network, loss, scale);
  return evaluate(network, loss, rows_of(network, examples, "evaluate", ""), scale, options);
}

Metrics evaluate(const Network& network, const nn::Loss& loss, const RowSource& rows, const TargetScale& scale,
                 const SessionOptions& options) {
  require_judge(network, loss, scale);
  require_rows(network, rows, "evaluate", "");
  return Evaluator(network, loss, rows, options).evaluate(scale);
}

}  // namespace hillock

// Passes rows through a network to evaluate it: in blocks if the loss is computed row by row, else with all outputs at
// once.
#include <algorithm>
#include <cstring>
#include <span>

#include "core/float_mode.h"
#include "core/running_reduction.h"
#include "nn/row_plan.h"
#include "rows/gather.h"
#include "rows/reader.h"
#include "train/evaluator.h"
#include "train/step_graph.h"

namespace hillock {
namespace {

// Copies `count` rows to row number `first` of `to`.
void copy_rows(const void* from, std::int64_t first, std::int64_t count, Tensor& to) {
  const std::size_t row_bytes = bytes_of_row(to.type());
  std::memcpy(static_cast<std::byte*>(to.raw()) + static_cast<std::size_t>(first) * row_bytes, from,
              static_cast<std::size_t>(count) * row_bytes);
}

// The canonical sum or mean of the losses of rows, with the bits that ops::sum and ops::mean of all of them give.
template <class T>
double reduced(const RunningReduction<SumRule, T>& sum, const nn::RowLoss& loss) {
  T result = sum.result();
  if (loss.mean && sum.count() > 1) result /= static_cast<T>(sum.count());
  if (loss.factor != 1) result *= static_cast<T>(loss.factor);
  return static_cast<double>(result);
}

class BlockJudge final : public RowJudge {
 public:
  BlockJudge(const Network& network, const nn::Loss& loss, const RowSource& rows, const Tensor* weights,
             const SessionOptions& options)
      : rows_(rows),
        weights_(weights),
        loss_(*loss.by_row()),
        batch_(std::clamp<std::int64_t>(rows.rows(), 1, kRowsOfABlock)),
        outputs_(network.outputs()) {
    const RowLossGraph described =
        describe_row_loss(network, loss_, type_of_rows(*rows.types().targets, batch_), weights != nullptr);
    plan_ = std::make_unique<Plan>(described.graph, PlanOptions{.outputs = {described.terms, described.prediction}});
    session_ = std::make_unique<Session>(*plan_, network.store(), options);
    if (weights != nullptr) some_weights_ = Tensor(TensorType{weights->dtype(), {batch_}, {}});
  }

  double run(const See& see) override { return network_dtype() == DType::f32 ? run<float>(see) : run<double>(see); }

 private:
  DType network_dtype() const { return plan_->outputs()[0].type.dtype; }

  template <class T>
  double run(const See& see) {
    RunningReduction<SumRule, T> sum;
    const std::int64_t terms_a_row = plan_->outputs()[0].type.elements() / batch_;
    for_each_block(rows_, batch_, {.features = true, .targets = true}, [&](std::int64_t first, const RowsView& block) {
      bind(first, block);
      session_->run();
      const auto terms = static_cast<std::size_t>(block.rows() * terms_a_row);
      {
        const FlushToZero mode;  // for the sum, which is part of a run, but not for `see`
        sum.add(session_->template output_values<T>(0).first(terms));
      }
      const auto values = session_->template output_values<T>(1);
      see(TensorView(values.first(static_cast<std::size_t>(block.rows() * outputs_)), {block.rows(), outputs_}),
          block.targets);
    });
    const FlushToZero mode;
    return reduced(sum, loss_);
  }

  void bind(std::int64_t first, const RowsView& block) {
    session_->bind(RowLossGraph::kFeatures, block.features.raw());
    session_->bind(RowLossGraph::kTargets, block.targets.raw());
    if (weights_ == nullptr) return;
    const std::size_t bytes = size_in_bytes(weights_->dtype());
    std::memcpy(some_weights_.raw(),
                static_cast<const std::byte*>(weights_->raw()) + static_cast<std::size_t>(first) * bytes,
                static_cast<std::size_t>(block.rows()) * bytes);
    session_->bind(RowLossGraph::kWeights, some_weights_.raw());
  }

  const RowSource& rows_;
  const Tensor* weights_;
  nn::RowLoss loss_;
  std::int64_t batch_, outputs_;
  std::unique_ptr<Plan> plan_;
  std::unique_ptr<Session> session_;
  Tensor some_weights_;  // those of a block
};

class WholeJudge final : public RowJudge {
 public:
  WholeJudge(const Network& network, const nn::Loss& loss, const RowSource& rows, const Tensor* weights,
             const SessionOptions& options)
      : rows_(rows),
        batch_(std::clamp<std::int64_t>(rows.rows(), 1, kRowsOfABlock)),
        targets_(*rows.types().targets),
        logits_(TensorType{network.options().dtype, {rows.rows(), network.outputs()}, {}}) {
    const ForwardGraph forward = describe_forward(network, batch_);
    forward_plan_ = std::make_unique<Plan>(forward.graph, PlanOptions{.outputs = {forward.logits}});
    forward_ = std::make_unique<Session>(*forward_plan_, network.store(), options);
    for_each_block(rows, batch_, {.targets = true}, [&](std::int64_t first, const RowsView& block) {
      copy_rows(block.targets.raw(), first, block.rows(), targets_);
    });
    const LossGraph judge = describe_loss(network, loss, targets_.type(), weights != nullptr);
    loss_plan_ = std::make_unique<Plan>(judge.graph, PlanOptions{.outputs = {judge.loss, judge.prediction}});
    loss_ = std::make_unique<Session>(*loss_plan_, nothing_, options);
    loss_->bind("logits", logits_);
    loss_->bind("targets", targets_);
    if (weights != nullptr) loss_->bind("weights", *weights);
  }

  double run(const See& see) override {
    for_each_block(rows_, batch_, {.features = true}, [&](std::int64_t first, const RowsView& block) {
      forward_->bind(0, block.features.raw());
      forward_->run();
      copy_rows(forward_->output(0), first, block.rows(), logits_);
    });
    loss_->run();
    see(TensorView(loss_->output(1), logits_.bytes(), logits_.type()), targets_);
    return loss_->scalar(0);
  }

 private:
  const RowSource& rows_;
  std::int64_t batch_;
  Tensor targets_, logits_;
  std::unique_ptr<Plan> forward_plan_, loss_plan_;
  std::unique_ptr<Session> forward_, loss_;
  Store nothing_;  // a loss has no state
};

}  // namespace

std::unique_ptr<RowJudge> judge_by_block(const Network& network, const nn::Loss& loss, const RowSource& rows,
                                         const Tensor* weights, const SessionOptions& options) {
  return std::make_unique<BlockJudge>(network, loss, rows, weights, options);
}

std::unique_ptr<RowJudge> judge_at_once(const Network& network, const nn::Loss& loss, const RowSource& rows,
                                        const Tensor* weights, const SessionOptions& options) {
  return std::make_unique<WholeJudge>(network, loss, rows, weights, options);
}

}  // namespace hillock

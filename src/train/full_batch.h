// L-BFGS over a network: what the minimizer asks for, answered by a training step's plan.
#pragma once

#include <vector>

#include "hillock/train.h"
#include "optim/lbfgs.h"

namespace hillock {

class FullBatch {
 public:
  // `step` computes loss and gradient of all `rows` rows; it and `network` must outlive this. Throws Error if the
  // options do not go with L-BFGS.
  FullBatch(Network& network, TrainingStep& step, const TrainOptions& options, std::int64_t rows);

  // One iteration on all rows, weights as for TrainingStep::run; returns the loss after it, without the penalty of
  // weight decay. Statistics move once, by what the pass at the new weights has seen. Where the loss or the gradient is
  // not finite at the weights it starts from, nothing changes and step.updated() is false.
  double run(const RowsView& rows, std::int64_t number, double rate);
  // Whether the last run found no step that lowers the loss.
  bool converged() const { return converged_; }

  // What the next iteration depends on, besides the parameters.
  void visit(Cursor& cursor);
  void put_into(Snapshot& snapshot) const { minimizer_.put_into(snapshot); }
  void take_from(const Snapshot& snapshot) { minimizer_.take_from(snapshot); }

 private:
  double evaluate(std::span<double> x, std::span<double> gradient, const RowsView& rows, std::int64_t number,
                  double rate);

  Tensor& parameters_;
  TrainingStep& step_;
  bool moves_between_iterations_;  // the loss at the same parameters
  double weight_decay_;
  std::vector<double> decay_factors_;  // of each parameter; empty: all are 1
  std::uint64_t seed_;
  optim::Lbfgs minimizer_;
  std::vector<double> x_;
  double loss_ = 0;         // at the last evaluation
  bool evaluated_ = false;  // in this iteration
  bool converged_ = false;
};

}  // namespace hillock

// L-BFGS on a network: evaluates what the minimizer asks for by the plan of a training step.
#pragma once

#include <vector>

#include "hillock/train.h"
#include "optim/lbfgs.h"

namespace hillock {

class FullBatch {
 public:
  // `step` computes loss and gradient of all `rows` rows; it and `network` must outlive this object. Throws Error for
  // options that L-BFGS does not support.
  FullBatch(Network& network, TrainingStep& step, const TrainOptions& options, std::int64_t rows);

  // Makes one iteration on all rows, with weights as for TrainingStep::run; returns the loss after it, without the
  // penalty of weight decay. Statistics are updated once, by the pass at the new weights. If the loss or the gradient
  // at the initial weights is not finite, nothing changes and step.updated() is false.
  double run(const RowsView& rows, std::int64_t number, double rate);
  // Whether the last run found no step that lowers the loss.
  bool converged() const { return converged_; }

  // Visits what the next iteration depends on, besides the parameters.
  void visit(Cursor& cursor);
  void put_into(Snapshot& snapshot) const { minimizer_.put_into(snapshot); }
  void take_from(const Snapshot& snapshot) { minimizer_.take_from(snapshot); }

 private:
  double evaluate(std::span<double> x, std::span<double> gradient, const RowsView& rows, std::int64_t number,
                  double rate);

  Tensor& parameters_;
  TrainingStep& step_;
  bool moves_between_iterations_;  // whether the loss at the same parameters changes
  double weight_decay_;
  std::vector<double> decay_factors_;  // one per parameter; empty if all are 1
  std::uint64_t seed_;
  optim::Lbfgs minimizer_;
  std::vector<double> x_;
  double loss_ = 0;         // at the last evaluation
  bool evaluated_ = false;  // whether this iteration has evaluated the loss
  bool converged_ = false;
};

}  // namespace hillock

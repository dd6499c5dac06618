// A single training step, forward, backward and update in one plan, for training loops of your own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hillock/network.h"
#include "hillock/nn.h"
#include "hillock/optim.h"
#include "hillock/rows.h"
#include "hillock/session.h"
#include "hillock/tensor.h"
#include "hillock/tensor_view.h"

namespace hillock {

struct StepOptions {
  nn::Loss loss;
  Optimizer optimizer;
  double clip_norm = 0;  // 0: no clipping
  bool fuse = true;
  bool weighted = false;  // run() takes a weight for each row; the trainer sets this if its rows have weights
  bool watch = false;     // record what the layers compute and its gradients, for TrainingStep::watched()
  // The number of training steps of the whole run, for the numbers of layers (nn::Progress); 0: unknown. The trainer
  // sets it.
  std::int64_t steps = 0;
  SessionOptions session{};
};

// A value that a layer computed in a step (StepOptions::watch), and the gradient of the loss by it, both of `type`.
struct LayerValue {
  nn::TapPoint point;
  TensorType type;
  const void* value = nullptr;
  const void* gradient = nullptr;  // nullptr: the loss is not computed from this value (but from the z before it)
  TensorType in_type{};
  std::vector<const void*> in{};  // the layer's inputs, the first of which is of in_type
};

// A training step for a fixed batch size, which works on the network's store. Several steps, for different batch sizes,
// may share a network as long as they do not run at the same time. To write your own loop:
//
//   TrainingStep step(network, 32, class_labels, {.loss = …, .optimizer = adam()});
//   for (…) step.run(features, labels, ++number, rate);
class TrainingStep {
 public:
  // `targets` is the type of the targets of one batch. Adds the optimizer's slots to the network's store. The network
  // must outlive the step. Throws Error if network, loss and targets do not fit together.
  TrainingStep(Network& network, std::int64_t batch, const TensorType& targets, StepOptions options);
  ~TrainingStep();
  TrainingStep(TrainingStep&&) noexcept;

  // Performs training step number `step` (the first is 1) on `features` [batch, …input] and `targets`, and returns the
  // loss before the update. If the loss or an element of the gradient is NaN or infinite, nothing is updated. `seed`
  // and `first_row` determine the random numbers of the step. `weights` [batch], of the network's dtype, multiply the
  // rows' losses; they are required for a weighted step and an Error otherwise. Throws Error if a view has the wrong
  // dtype or number of elements. The views are borrowed until the next run.
  double run(const TensorView& features, const TensorView& targets, std::int64_t step, double rate,
             std::uint64_t seed = 0, std::int64_t first_row = 0, const TensorView& weights = {});
  // Whether the last run() updated the state or, after evaluate(), whether apply() will.
  bool updated() const;
  // The same in two parts. evaluate() computes the loss and the gradient and leaves every state unchanged; apply() then
  // updates parameters, slots and statistics with the results of the last evaluate(), at most once for each.
  double evaluate(const TensorView& features, const TensorView& targets, std::int64_t step, double rate,
                  std::uint64_t seed = 0, std::int64_t first_row = 0, const TensorView& weights = {});
  void apply();

  // The outputs are the loss, the gradient (of all parameters in layout order) and, as i32 1 or 0, whether both are
  // finite.
  const Plan& plan() const;
  const Graph& graph() const;
  Value loss() const;  // a value of graph()
  // With StepOptions::watch, what the layers computed in the last run, in order. The pointers are valid until the next
  // run. Watching does not change the bits of loss, gradient or update.
  std::vector<LayerValue> watched() const;
  // The gradient of the last run by all parameters, in layout order and the network's dtype; valid until the next run.
  const void* gradient() const;
  // Repeats a step with the naive executor and describes the first value that is not finite; "" if all are finite.
  std::string explain_not_finite(const TensorView& features, const TensorView& targets, std::int64_t step, double rate,
                                 std::uint64_t seed = 0, std::int64_t first_row = 0,
                                 const TensorView& weights = {}) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hillock

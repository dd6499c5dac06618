// One training step as a building block: forward, backward and update in one plan, for loops of one's own.
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
  bool weighted = false;  // run() takes a weight for each row; the trainer sets it by its rows
  bool watch = false;     // keep what layers compute and the gradients by it: TrainingStep::watched()
  // How many the whole run has, for numbers that layers ask for (nn::Progress); 0: not known. The trainer sets it.
  std::int64_t steps = 0;
  SessionOptions session{};
};

// What a layer computed in a step (StepOptions::watch) and the gradient of the loss by it, both of `type`.
struct LayerValue {
  nn::TapPoint point;
  TensorType type;
  const void* value = nullptr;
  const void* gradient = nullptr;  // nullptr: the loss is not computed from it (but from the z before it)
  TensorType in_type{};
  std::vector<const void*> in{};  // what the layer was given: of several the first is of in_type
};

// One training step for a fixed batch size: forward, backward and update in one plan, over the network's store. Several
// steps (for different batch sizes) may share a network and take turns. Write your own loop with it:
//
//   TrainingStep step(network, 32, class_labels, {.loss = …, .optimizer = adam()});
//   for (…) step.run(features, labels, ++number, rate);
class TrainingStep {
 public:
  // `targets` is the type of the targets of one batch. Adds the optimizer's slots to the network's store. Throws Error
  // if network, loss and targets do not fit together.
  TrainingStep(Network& network, std::int64_t batch, const TensorType& targets, StepOptions options);
  ~TrainingStep();
  TrainingStep(TrainingStep&&) noexcept;

  // Step number `step` (the first is 1) on `features` [batch, …input] and `targets`. Returns the loss before the
  // update. If it or any element of the gradient is NaN or infinite, nothing is updated. `seed` and `first_row`
  // determine the step's random numbers. `weights` [batch], in the network's dtype, is what each row's loss is
  // multiplied by; a weighted step needs them and no other takes them (Error). Throws Error if a view has another dtype
  // or another number of elements. The views are borrowed until the next run.
  double run(const TensorView& features, const TensorView& targets, std::int64_t step, double rate,
             std::uint64_t seed = 0, std::int64_t first_row = 0, const TensorView& weights = {});
  // Whether the last run updated the state; after evaluate() whether apply() will.
  bool updated() const;
  // The same in two parts. evaluate() computes loss and gradient and leaves every state as it was; apply() then updates
  // parameters, slots and statistics as the last evaluate() has computed them, at most once for each.
  double evaluate(const TensorView& features, const TensorView& targets, std::int64_t step, double rate,
                  std::uint64_t seed = 0, std::int64_t first_row = 0, const TensorView& weights = {});
  void apply();

  // Its outputs are the loss, the gradient (all parameters one after another) and whether both are finite: i32, 1 or 0.
  const Plan& plan() const;
  const Graph& graph() const;
  Value loss() const;  // of graph()
  // With StepOptions::watch what the layers computed in the last run, in their order; pointers are valid until the
  // next. Bits of loss, gradient and update are the same with and without.
  std::vector<LayerValue> watched() const;
  // All parameters' gradient from the last run, one after another in the network's dtype; valid until the next.
  const void* gradient() const;
  // Replays a step through the naive run and describes the first value that is not finite; empty if all are.
  std::string explain_not_finite(const TensorView& features, const TensorView& targets, std::int64_t step, double rate,
                                 std::uint64_t seed = 0, std::int64_t first_row = 0,
                                 const TensorView& weights = {}) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hillock

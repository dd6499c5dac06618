// The graphs that training is made of: a training step, a forward pass, the loss of given outputs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hillock/network.h"
#include "hillock/step.h"

namespace hillock {

// Inputs: features, targets, numbers (of the optimizer and the layers), position (seed, step, first row) and, where
// rows have any, weights; then the constants.
struct StepGraph {
  enum Input : std::size_t { kFeatures, kInstructionSets, kNumbers, kPosition, kWeights };
  enum Output : std::size_t { kLoss, kGradient, kFinite, kOutputs };  // of its plans, before others
  Graph graph;
  Value loss;
  Value gradient;  // of all parameters, one after another
  Value finite;    // whether loss and gradient are: only then may the states be written
  std::vector<Value> outputs() const { return {loss, gradient, finite}; }
  // A value that a layer showed, and its gradient: none where the loss is not computed from it.
  struct Seen {
    nn::TapPoint point;
    Value value, gradient;
  };
  std::vector<Seen> seen;  // in the layers' order; with StepOptions::watch only
  // Inputs that are the same at every step: the factors of parameter groups, where there are several.
  struct Constant {
    std::size_t input;
    Tensor value;
  };
  std::vector<Constant> constants;
};
// `targets` is the type of the targets of one batch. Throws Error if network, loss and targets do not fit together.
StepGraph describe_step(const Network& network, std::int64_t batch, const TensorType& targets,
                        const StepOptions& options);

// Input: features.
struct ForwardGraph {
  Graph graph;
  Value logits;
};
ForwardGraph describe_forward(const Network& network, std::int64_t batch);

// What each row loses, `weights` counted (nn::weighted_terms), straight from the features.
struct RowLossGraph {
  enum Input : std::size_t { kFeatures, kInstructionSets, kWeights };
  Graph graph;
  Value terms;       // [batch] or [batch, outputs]
  Value prediction;  // [batch, outputs]
};
// `targets` is the type of the targets of one batch. Throws Error if network, loss and targets do not fit together.
RowLossGraph describe_row_loss(const Network& network, const nn::RowLoss& loss, const TensorType& targets,
                               bool weighted);

// Inputs: logits, targets and, where rows have any, weights. All rows are one batch, so that sums and means mean the
// same whatever the batch in training.
struct LossGraph {
  Graph graph;
  Value loss;
  Value prediction;
};
LossGraph describe_loss(const Network& network, const nn::Loss& loss, const TensorType& targets, bool weighted);

}  // namespace hillock

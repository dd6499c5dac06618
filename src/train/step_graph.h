// The graphs that training consists of: a training step, a forward pass, and the loss of given outputs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "hillock/network.h"
#include "hillock/step.h"

namespace hillock {

// Inputs: features, targets, numbers (of the optimizer and the layers), position (seed, step, first row), weights if
// the rows have any, and then the constants.
struct StepGraph {
  enum Input : std::size_t { kFeatures, kTargets, kNumbers, kPosition, kWeights };
  enum Output : std::size_t { kLoss, kGradient, kFinite, kOutputs };  // the first outputs of its plans
  Graph graph;
  Value loss;
  Value gradient;  // of all parameters, concatenated
  Value finite;    // whether loss and gradient are finite: only then may the states be written
  std::vector<Value> outputs() const { return {loss, gradient, finite}; }
  // A value that a layer showed, and its gradient, unless the loss does not depend on it.
  struct Seen {
    nn::TapPoint point;
    Value value, gradient;
  };
  std::vector<Seen> seen;  // in the layers' order; only with StepOptions::watch
  // Inputs with the same value in every step: the factors of parameter groups, if there are several.
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

// The loss of each row, multiplied by its weight (nn::weighted_terms), computed from the features.
struct RowLossGraph {
  enum Input : std::size_t { kFeatures, kTargets, kWeights };
  Graph graph;
  Value terms;       // [batch] or [batch, outputs]
  Value prediction;  // [batch, outputs]
};
// `targets` is the type of the targets of one batch. Throws Error if network, loss and targets do not fit together.
RowLossGraph describe_row_loss(const Network& network, const nn::RowLoss& loss, const TensorType& targets,
                               bool weighted);

// Inputs: logits, targets and, if rows have any, weights. All rows are one batch, so that sums and means do not depend
// on the batch size in training.
struct LossGraph {
  Graph graph;
  Value loss;
  Value prediction;
};
LossGraph describe_loss(const Network& network, const nn::Loss& loss, const TensorType& targets, bool weighted);

}  // namespace hillock

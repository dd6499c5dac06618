// Traces of training steps: what each layer computes, the gradients, and a finite difference for each gradient.
//
//   Tracer tracer(network, 1, targets_of_one_row, {.step = {.loss = …, .optimizer = sgd()}});
//   const StepTrace trace = tracer.run(features, targets, /*step=*/1, /*rate=*/0.1);
//   trace.audit.largest;  // the largest disagreement between a gradient and its finite difference
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "hillock/layer.h"
#include "hillock/network.h"
#include "hillock/nn.h"
#include "hillock/step.h"
#include "hillock/tensor.h"

namespace hillock {

struct Model;

// A tensor of a training step, the gradient of the loss E with respect to it, and finite differences to check it.
struct Traced {
  Tensor value;     // empty if the layer has no such tensor
  Tensor gradient;  // of the type of `value`; empty if E is not computed from it
  // For each element the finite difference of E, extrapolated to h = 0; NaN if none was computed.
  std::vector<double> difference;
  // For each element 1 if E has a kink (such as relu at 0) too close for a meaningful difference, else 0.
  std::vector<std::uint8_t> kink;

  bool has_value() const { return value.raw() != nullptr; }
  bool has_gradient() const { return gradient.raw() != nullptr; }
};

// |g - d| / max(1, |g|, |d|) for gradient g and difference d of element `index`, which is relative for large gradients.
// NaN if there is no difference or there is a kink. Infinite if g or d is not finite.
double disagreement(const Traced& traced, std::int64_t index);

// A layer that reports its values through nn::Tap, as every built-in layer does.
struct TracedLayer {
  std::string name;                         // as in the names of its parameters: "dense1"
  const nn::LayerRecord* record = nullptr;  // nullptr: a function without a record
  nn::LayerAttributes attributes;           // the attributes that the layer reported
  nn::Activation activation = nn::Activation::identity;
  // For each input the position in StepTrace::layers of the layer that computed it; kInputs: the network's input;
  // kUnseen: something that no layer reported.
  std::vector<std::int64_t> from;
  Tensor in;     // the first input, [batch, inputs]; empty if it was not reported
  Traced z;      // of a dense layer: in W + b, [batch, units]
  Traced a;      // the output, after the activation
  Tensor slope;  // σ′(z), if the activation is element-wise; otherwise empty

  static constexpr std::int64_t kInputs = -1, kUnseen = -2;
};

struct TracedParameter {
  std::string name;
  Traced before;
  Tensor after;
  std::vector<Tensor> slots;  // the optimizer's slots after the step, in the order of Optimizer::slots
};

struct TracedStatistic {
  std::string name;
  Tensor before, after;
};

// One of the layers before the network (Model::preparation), with its input and output.
struct TracedPreparation {
  std::string name;  // "scale1"
  const nn::LayerRecord* record = nullptr;
  Tensor in, out;                            // [rows, columns]
  std::map<std::string, Tensor> statistics;  // the fitted statistics: "offset", "factor"
};
// The layers of the preparation in order, for raw rows [rows, columns]. Throws Error as Model::predict does.
std::vector<TracedPreparation> trace_preparation(const Model& model, const Tensor& rows);

// How well gradients agree with finite differences.
struct Audit {
  double largest = 0;         // the largest disagreement()
  std::string where;          // its place, with element and row: "dense1.weight", "z of dense1", …
  std::int64_t compared = 0;  // the number of gradients compared with a finite difference
  std::int64_t kinks = 0;     // the number of gradients not compared because of a kink
  std::int64_t skipped = 0;   // the number of gradients not compared because of TraceOptions::most_differences
};

struct StepTrace {
  std::int64_t step = 0;
  double rate = 0;
  std::vector<double> numbers;  // the numbers that the optimizer's update was fed (Optimizer::step_numbers)
  double gradient_norm = 0;     // the Euclidean norm of the gradient by all parameters
  double clip_factor = 1;       // the factor applied to the gradient, below 1 if it was clipped
  double loss = 0;
  double loss_after = 0;  // in f64, for the same rows and dropout masks with the parameters after the step
  bool updated = false;   // false if the loss or the gradient is not finite
  std::vector<TracedLayer> layers;
  std::vector<TracedParameter> parameters;
  std::vector<TracedStatistic> statistics;
  Audit audit;
};

struct TraceOptions {
  StepOptions step;  // `watch` is always on
  // The most finite differences of parameters, and of layer values: of each kind all are computed if there are at most
  // this many, otherwise about this many, evenly spaced; fewer if they would take more than a few seconds for a large
  // network. The `largest` gradients of each parameter, and of each of the first `rows` rows of a layer's values, are
  // always included.
  std::int64_t most_differences = 10'000;
  std::int64_t largest = 12;
  std::int64_t rows = 3;
};

// Performs the training steps of a TrainingStep, with the same bits, and records them. Finite differences are computed
// by forward passes alone, in f64 whatever the network's dtype. A tracer must be used by one thread at a time; the
// network must outlive it.
class Tracer {
 public:
  // The arguments are those of TrainingStep. Throws Error if the optimizer has no update in the graph (L-BFGS).
  Tracer(Network& network, std::int64_t batch, const TensorType& targets, TraceOptions options);
  ~Tracer();
  Tracer(Tracer&&) noexcept;

  // `features`, `targets` and, for a weighted step, `weights` must have the types of the batch; throws Error otherwise.
  // The other arguments are those of TrainingStep::run.
  StepTrace run(const Tensor& features, const Tensor& targets, std::int64_t step, double rate, std::uint64_t seed = 0,
                std::int64_t first_row = 0, const Tensor* weights = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The targets of a batch as a loss receives them: f64 [batch, outputs], with classes one-hot and smoothed by
// `label_smoothing` (nn::LossOptions). `targets` are classes, i32 [batch], or numbers, float [batch, outputs].
Tensor loss_targets(const Tensor& targets, std::int64_t outputs, double label_smoothing = 0);

// The combined result for several steps; `where` also names the step of the largest disagreement.
Audit audit_of(std::span<const StepTrace> steps);

// The cost of all gradients of a training step by backpropagation and by finite differences. Seconds on one thread,
// each the median over rounds in which the three are measured alternately.
struct GradientTimes {
  double forward = 0;           // the loss E
  double forward_backward = 0;  // E and all gradients, as in a training step before its update
  double differences = 0;       // `passes` forward passes: one for E, and one for each parameter
  std::int64_t parameters = 0;
  std::int64_t passes = 0;      // parameters + 1
  std::int64_t passes_run = 0;  // fewer than `passes` if all of them would take more than a few seconds
};

// Measures with the plans that training would make with `options` for such a batch. The network does not change; `seed`
// determines the dropout masks. Takes a few seconds at most. Throws Error as TrainingStep does.
GradientTimes time_gradients(const Network& network, const Examples& batch, const StepOptions& options,
                             std::uint64_t seed = 0);

// The names of the layers that a trace of `network` has, in order.
std::vector<std::string> traced_layer_names(const Network& network);

// The positions of the elements of `tensor` in [begin, begin + count) with the largest absolute values, at most `most`,
// in ascending order.
std::vector<std::int64_t> largest_elements(const Tensor& tensor, std::int64_t begin, std::int64_t count,
                                           std::int64_t most);

}  // namespace hillock

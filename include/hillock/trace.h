// A training step looked at from inside: what each layer computes, the gradients, and a finite difference beside each.
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

// Numbers of a step with the gradient of the loss E by each, and what the gradient is checked with.
struct Traced {
  Tensor value;     // without memory where the layer has no such quantity
  Tensor gradient;  // of the value's type; without memory where E is not computed from it
  // For each element the finite difference of E, extrapolated to h = 0; NaN where none was taken.
  std::vector<double> difference;
  // 1: E has a kink (relu at 0) so near that the difference proves nothing.
  std::vector<std::uint8_t> kink;

  bool has_value() const { return value.raw() != nullptr; }
  bool has_gradient() const { return gradient.raw() != nullptr; }
};

// |g - d| / max(1, |g|, |d|) of element `index`: relative where the gradient is large. NaN where there is nothing to
// compare: no difference, or a kink. Infinite where one of the two is not finite.
double disagreement(const Traced& traced, std::int64_t index);

// One layer that showed what it computes (nn::Tap): all of those that NetworkSpec knows.
struct TracedLayer {
  std::string name;                         // as in its parameters: "dense1.weight"
  const nn::LayerRecord* record = nullptr;  // nullptr: a function that does not say what it is
  nn::LayerAttributes attributes;           // those that it was shown with
  nn::Activation activation = nn::Activation::identity;
  // For each of its inputs the layer that computed it, by number; kInputs: what the network was given; kUnseen: nobody
  // showed it.
  std::vector<std::int64_t> from;
  Tensor in;     // its first input, [batch, inputs]; without memory where it was not shown
  Traced z;      // dense: in W + b, [batch, units]
  Traced a;      // after the activation; of dropout what goes on
  Tensor slope;  // σ′(z), where σ takes one number to one; without memory otherwise

  static constexpr std::int64_t kInputs = -1, kUnseen = -2;
};

struct TracedParameter {
  std::string name;
  Traced before;
  Tensor after;
  std::vector<Tensor> slots;  // the optimizer's, after the step, in the order of Optimizer::slots
};

struct TracedStatistic {
  std::string name;
  Tensor before, after;
};

// One layer of those before the network (Model::preparation) and what it makes of rows.
struct TracedPreparation {
  std::string name;  // "scale1"
  const nn::LayerRecord* record = nullptr;
  Tensor in, out;                            // [rows, columns]
  std::map<std::string, Tensor> statistics;  // what was fitted: "offset", "factor"
};
// In the order in which they are computed, for rows as they were read [rows, columns]. Throws Error as Model::predict.
std::vector<TracedPreparation> trace_preparation(const Model& model, const Tensor& rows);

// How far gradients and finite differences are apart.
struct Audit {
  double largest = 0;         // disagreement
  std::string where;          // "dense1.weight", "z of dense1", …: with element and row
  std::int64_t compared = 0;  // gradients that have a finite difference beside them
  std::int64_t kinks = 0;     // of those without: because of a kink
  std::int64_t skipped = 0;   // because there are more than TraceOptions::most_differences
};

struct StepTrace {
  std::int64_t step = 0;
  double rate = 0;
  std::vector<double> numbers;  // what the optimizer's update is fed with (NumberKind)
  double gradient_norm = 0;     // of all parameters, Euclidean
  double clip_factor = 1;       // what the optimizer got the gradient times: less than 1 where it was clipped
  double loss = 0;
  double loss_after = 0;  // of the same rows, and the same dropout, with the parameters after the step; in f64
  bool updated = false;   // false: loss or gradient is not finite
  std::vector<TracedLayer> layers;
  std::vector<TracedParameter> parameters;
  std::vector<TracedStatistic> statistics;
  Audit audit;
};

struct TraceOptions {
  StepOptions step;  // a tracer always watches
  // Finite differences are taken of all parameters and of all that the layers show, or, where one of the two holds
  // more than this, of about so many of them, evenly spread; fewer where the network is so large that they would take
  // more than some seconds. The `largest` gradients of each parameter and of each of the first `rows` rows of what a
  // layer shows are always among them.
  std::int64_t most_differences = 10'000;
  std::int64_t largest = 12;
  std::int64_t rows = 3;
};

// Takes training steps on a network as TrainingStep does, to the same bits (it is one), and keeps what it saw. Finite
// differences are computed in f64 whatever the network's dtype, by forward passes alone. Belongs to one thread; the
// network must outlive it.
class Tracer {
 public:
  // As TrainingStep. Throws Error if the optimizer has no update of its own (L-BFGS).
  Tracer(Network& network, std::int64_t batch, const TensorType& targets, TraceOptions options);
  ~Tracer();
  Tracer(Tracer&&) noexcept;

  // `features`, `targets` and, of a weighted step, `weights` have the types of the batch; throws Error otherwise. The
  // rest as TrainingStep::run.
  StepTrace run(const Tensor& features, const Tensor& targets, std::int64_t step, double rate, std::uint64_t seed = 0,
                std::int64_t first_row = 0, const Tensor* weights = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The targets of a batch as the loss sees them: f64 [batch, outputs], classes as 0 and 1, smoothed as
// nn::LossOptions::label_smoothing says. `targets` are i32 [batch] classes or float [batch, outputs] numbers.
Tensor loss_targets(const Tensor& targets, std::int64_t outputs, double label_smoothing = 0);

// The audits of several steps as one: its largest disagreement is that of the step which it names.
Audit audit_of(std::span<const StepTrace> steps);

// Why backpropagation: what all gradients of a step cost by one backward pass and by differences. Seconds on one
// thread, medians of rounds in which the three take turns.
struct GradientTimes {
  double forward = 0;           // the loss E
  double forward_backward = 0;  // E and all gradients, as a training step has them before its update
  double differences = 0;       // `passes` forward passes: E here, and once with each parameter moved
  std::int64_t parameters = 0;
  std::int64_t passes = 0;      // parameters + 1
  std::int64_t passes_run = 0;  // fewer than `passes` where all would take more than some seconds
};

// With the plans that training makes of `options` for rows like these, on the network's parameters, which stay as they
// are; `seed` decides what dropout drops. Takes some seconds at most. Throws Error as TrainingStep does.
GradientTimes time_gradients(const Network& network, const Examples& batch, const StepOptions& options,
                             std::uint64_t seed = 0);

// The layers of a trace of `network`, by name and in order, before there is one.
std::vector<std::string> traced_layer_names(const Network& network);

// The elements [begin, begin + count) of `tensor` with the largest absolute values, at most `most`, in ascending order
// of their number.
std::vector<std::int64_t> largest_elements(const Tensor& tensor, std::int64_t begin, std::int64_t count,
                                           std::int64_t most);

}  // namespace hillock

// Times three kinds of passes in turn: forward, forward and backward, and forward with one parameter after another
// changed.
#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "hillock/error.h"
#include "hillock/session.h"
#include "hillock/trace.h"
#include "train/examples.h"
#include "train/step_graph.h"

namespace hillock {
namespace {

constexpr int kRounds = 5;
constexpr double kSampleSeconds = 0.01;     // the least time for one kind of pass in a round
constexpr double kDifferenceSeconds = 0.4;  // the most time for differences in a round

template <class Function>
double seconds_each(std::int64_t times, Function run) {
  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t k = 0; k < times; ++k) run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / static_cast<double>(times);
}

double median(std::vector<double> samples) {
  const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
  std::ranges::nth_element(samples, middle);
  return *middle;
}

// A session for the part of a training step's graph that leads to `outputs`.
class Pass {
 public:
  Pass(const StepGraph& step, std::vector<Value> outputs, const Network& network, const Examples& batch,
       std::uint64_t seed)
      : position_{static_cast<std::int64_t>(seed), 1, 0},
        plan_(step.graph, {.outputs = std::move(outputs)}),
        session_(plan_, network.store()),
        numbers_(plan_.inputs()[StepGraph::kNumbers].type) {
    const std::vector<nn::NumberSpec>& layers = network.layout().numbers;  // these follow those of the optimizer
    const std::int64_t first = numbers_.elements() - std::ssize(layers);
    for (std::size_t k = 0; k < layers.size(); ++k)
      numbers_.set(first + static_cast<std::int64_t>(k), layers[k].value({.step = 1}));
    session_.bind(StepGraph::kFeatures, batch.features->raw());
    session_.bind(StepGraph::kTargets, batch.targets->raw());
    session_.bind(StepGraph::kNumbers, numbers_.raw());
    session_.bind(StepGraph::kPosition, position_.data());
    if (batch.weights != nullptr) session_.bind(StepGraph::kWeights, batch.weights->raw());
    for (const StepGraph::Constant& constant : step.constants) session_.bind(constant.input, constant.value.raw());
  }

  double run() {
    session_.run();
    return session_.scalar(0);
  }

  // The number of passes that fill a sample.
  std::int64_t times_for_a_sample() {
    run();
    std::int64_t times = 1;
    while (seconds_each(times, [&] { run(); }) * static_cast<double>(times) < kSampleSeconds) times *= 2;
    return times;
  }

 private:
  std::array<std::int64_t, 3> position_;
  Plan plan_;
  Session session_;
  Tensor numbers_;
};

// Computes a gradient by forward differences: first E, then (E(w + h) − E(w)) / h for one parameter after another,
// cyclically.
class Differences {
 public:
  Differences(Pass& forward, Tensor& parameters)
      : forward_(&forward), parameters_(&parameters), quotients_(static_cast<std::size_t>(parameters.elements())) {}

  void run_next() {
    if (next_ == 0) {
      here_ = forward_->run();
    } else {
      const std::int64_t moved = next_ - 1;
      const double value = parameters_->at(moved);
      parameters_->set(moved, value + kStep);
      quotients_[static_cast<std::size_t>(moved)] = (forward_->run() - here_) / kStep;
      parameters_->set(moved, value);
    }
    next_ = (next_ + 1) % (parameters_->elements() + 1);
  }

 private:
  static constexpr double kStep = 1e-4;
  Pass* forward_;
  Tensor* parameters_;
  std::vector<double> quotients_;
  double here_ = 0;
  std::int64_t next_ = 0;
};

}  // namespace

GradientTimes time_gradients(const Network& network, const Examples& batch, const StepOptions& options,
                             std::uint64_t seed) {
  if (!options.loss) throw Error("gradient times: there is no loss; pass one, for example nn::loss(nn::LossKind::mse)");
  require_examples(network, batch, "gradient times", "");
  StepOptions without_update = options;
  without_update.optimizer = {};
  without_update.weighted = batch.weights != nullptr;
  const StepGraph step = describe_step(network, batch.rows(), batch.targets->type(), without_update);
  Network copy = network.copy();
  Pass forward(step, {step.loss}, copy, batch, seed), both(step, {step.loss, step.gradient}, copy, batch, seed);
  Differences differences(forward, copy.parameters());

  GradientTimes times{.parameters = network.parameter_count(), .passes = network.parameter_count() + 1};
  const std::int64_t forwards = forward.times_for_a_sample(), boths = both.times_for_a_sample();
  const double least = seconds_each(forwards, [&] { forward.run(); });
  const auto most = static_cast<std::int64_t>(kDifferenceSeconds / least);
  const std::int64_t moves = std::max(forwards, std::min((times.passes + kRounds - 1) / kRounds, most));
  times.passes_run = std::min(times.passes, moves * kRounds);
  std::array<std::vector<double>, 3> samples;
  for (int round = 0; round < kRounds; ++round) {
    samples[0].push_back(seconds_each(forwards, [&] { forward.run(); }));
    samples[1].push_back(seconds_each(boths, [&] { both.run(); }));
    samples[2].push_back(seconds_each(moves, [&] { differences.run_next(); }));
  }
  times.forward = median(samples[0]);
  times.forward_backward = median(samples[1]);
  times.differences = median(samples[2]) * static_cast<double>(times.passes);
  return times;
}

}  // namespace hillock

// Forward passes, forward and backward passes, and forward passes with one parameter after another moved, timed by
// turns.
#include "print/trace_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <vector>

#include "hillock/session.h"
#include "hillock/text.h"
#include "print/trace_subject.h"
#include "train/step_graph.h"

namespace hillock::program {
namespace {

constexpr int kRounds = 5;
constexpr double kSampleSeconds = 0.01;     // of one kind of pass in one round, at least
constexpr double kDifferenceSeconds = 0.4;  // of the differences in one round, at most

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

// The part of a training step's graph that leads to `outputs`, ready to run.
class Pass {
 public:
  Pass(const TraceSubject& subject, const StepGraph& step, std::vector<Value> outputs, const Store& store)
      : position_{subject.seed, 1, 0}, plan_(step.graph, {.outputs = std::move(outputs)}), session_(plan_, store) {
    session_.bind(StepGraph::kFeatures, subject.features.raw());
    session_.bind(StepGraph::kTargets, subject.targets.raw());
    session_.bind(StepGraph::kNumbers, position_.data());  // of an optimizer, and there is none: no element is read
    session_.bind(StepGraph::kPosition, position_.data());
    if (subject.weighted()) session_.bind(StepGraph::kWeights, subject.batch.weights.raw());
  }

  double run() {
    session_.run();
    return session_.scalar(0);
  }

  // How many fill a sample.
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
};

// What a gradient by forward differences does: E as it is, then (E(w + h) − E(w)) / h for one parameter after another,
// round and round.
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

std::string duration(double seconds) {
  const auto [value, unit] = seconds < 1e-3 ? std::pair(seconds * 1e6, "us")
                             : seconds < 1  ? std::pair(seconds * 1e3, "ms")
                                            : std::pair(seconds, "s");
  return fmt::format("{:.{}f} {}", value, value < 10 ? 2 : value < 100 ? 1 : 0, unit);
}

std::string ratio(double value) { return fmt::format("{:.{}f}", value, value < 10 ? 1 : 0); }

}  // namespace

TraceTimes measure_times(const TraceSubject& subject, const StepOptions& options) {
  const Network& network = subject.model.network;
  StepOptions without_update = options;
  without_update.optimizer = {};
  const StepGraph step = describe_step(network, subject.features.shape()[0], subject.targets.type(), without_update);
  Network copy = network.copy();
  Store& store = copy.store();
  Pass forward(subject, step, {step.loss}, store), both(subject, step, {step.loss, step.gradient}, store);
  Differences differences(forward, copy.parameters());

  TraceTimes times{.parameters = network.parameter_count(), .passes = network.parameter_count() + 1};
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

std::string to_text(const TraceTimes& times) {
  const auto line = [](std::string_view label, const std::string& what, double seconds, const std::string& note) {
    std::string text = fmt::format("{:<11}{:<28}{:<12}{}", label, what, duration(seconds), note);
    while (text.ends_with(' ')) text.pop_back();
    return text + "\n";
  };
  const std::string run = times.passes_run == times.passes ? "" : fmt::format(", from {} of them", times.passes_run);
  return line("time", "one forward pass", times.forward, "") +
         line("", "forward and backward pass", times.forward_backward,
              fmt::format("{} forward passes, all {}", ratio(times.forward_backward / times.forward),
                          counted(times.parameters, "gradient"))) +
         line("", fmt::format("{} forward passes", times.passes), times.differences,
              fmt::format("what forward differences of {} need: {} times as long{}",
                          counted(times.parameters, "parameter"), ratio(times.differences / times.forward_backward),
                          run));
}

}  // namespace hillock::program

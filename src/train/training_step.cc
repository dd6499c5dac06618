// Makes a training step, forward, backward and update, from one plan.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

#include "core/float_mode.h"
#include "hillock/error.h"
#include "hillock/naive.h"
#include "hillock/step.h"
#include "train/examples.h"
#include "train/step_graph.h"
#include "train/step_numbers.h"

namespace hillock {

struct TrainingStep::State {
  Network* network;
  StepGraph described;
  std::unique_ptr<Plan> plan;
  std::unique_ptr<Session> session;
  const std::int32_t* finite = nullptr;    // an output of the session, computed at a fixed place in the arena
  std::array<std::int64_t, 3> position{};  // seed, step, first row
  StepNumbers numbers;
  Tensor fed_numbers;                                                // the same in the network's dtype
  std::int64_t feature_elements = 0, target_elements = 0, rows = 0;  // of a batch
  bool weighted = false;
  bool initialized = false;  // whether the network has been found to be initialized
  bool updated = false;      // whether the last run updated the parameters
  bool ready = false;        // whether apply() may be called

  std::vector<Value> outputs() const;
  // Throws Error unless `view` has the elements of a batch. Only two comparisons: a step may take 0.2 microseconds.
  void require_fits(const TensorView& view, StepGraph::Input input, std::int64_t elements) const {
    const TensorType& type = plan->inputs()[input].type;
    if (view.elements() == elements && view.dtype() == type.dtype) return;
    refuse(view, type, input);
  }
  [[noreturn]] static void refuse(const TensorView& view, const TensorType& type, StepGraph::Input input);
  void feed(const TensorView& features, const TensorView& targets, std::int64_t step, double rate, std::uint64_t seed,
            std::int64_t first_row, const TensorView& weights);
  // Runs up to the update and returns the loss. Inlined because a call is noticeable if a step takes 0.2 microseconds.
  [[gnu::always_inline]] double evaluate() {
    session->run_before_writes();
    updated = *finite != 0;
    return session->scalar(StepGraph::kLoss);
  }
};

// The outputs of every step, followed by those of each watched value: the layer's input, the value, and its gradient if
// it has one.
std::vector<Value> TrainingStep::State::outputs() const {
  std::vector<Value> result = described.outputs();
  for (const StepGraph::Seen& one : described.seen) {
    result.insert(result.end(), one.point.in.begin(), one.point.in.end());
    result.push_back(one.value);
    if (one.gradient) result.push_back(one.gradient);
  }
  return result;
}

void TrainingStep::State::refuse(const TensorView& view, const TensorType& type, StepGraph::Input input) {
  const char* const what = input == StepGraph::kFeatures  ? "features"
                           : input == StepGraph::kTargets ? "targets"
                                                          : "weights";
  if (!view) throw Error(fmt::format("training step: there are no {}; pass {}", what, type.to_string()));
  throw Error(
      fmt::format("training step: the {} are {}; a batch has {}", what, view.type().to_string(), type.to_string()));
}

void TrainingStep::State::feed(const TensorView& features, const TensorView& targets, std::int64_t step, double rate,
                               std::uint64_t seed, std::int64_t first_row, const TensorView& weights) {
  ready = false;
  require_fits(features, StepGraph::kFeatures, feature_elements);
  require_fits(targets, StepGraph::kTargets, target_elements);
  if (weighted != static_cast<bool>(weights)) {
    throw Error(weighted ? "training step: it is weighted and run() got no weights; pass one for each row"
                         : "training step: run() got weights and the step has none; set StepOptions::weighted");
  }
  if (weighted) require_fits(weights, StepGraph::kWeights, rows);
  if (!initialized) {
    require_initialized(*network, "training step");
    initialized = true;
  }
  if (step < 1) throw Error(fmt::format("training step: step {}; the first is 1", step));
  if (!std::isfinite(rate)) {
    throw Error(fmt::format("training step: the learning rate {} is not finite; give a finite one", rate));
  }
  const std::span<const double> now = numbers.at(step, rate);
  for (std::size_t k = 0; k < now.size(); ++k) fed_numbers.set(static_cast<std::int64_t>(k), now[k]);
  position = {static_cast<std::int64_t>(seed), step, first_row};
  session->bind(StepGraph::kFeatures, features.raw());
  session->bind(StepGraph::kTargets, targets.raw());
  if (weighted) session->bind(StepGraph::kWeights, weights.raw());
}

TrainingStep::TrainingStep(Network& network, std::int64_t batch, const TensorType& targets, StepOptions options)
    : state_(std::make_unique<State>()) {
  if (!options.loss) throw Error("training step: there is no loss; pass one, for example nn::loss(nn::LossKind::mse)");
  if (!options.optimizer.update && !options.optimizer.full_batch())
    throw Error("training step: there is no optimizer; pass one, for example sgd()");
  if (network.parameter_count() == 0) throw Error("training step: the network has no parameters to train");
  if (batch < 1 || targets.shape.rank() < 1 || targets.shape[0] != batch) {
    throw Error(
        fmt::format("training step: a batch of {} rows with targets {}; ask for one row or more, and a target "
                    "for each",
                    batch, targets.to_string()));
  }
  if (!(options.clip_norm >= 0)) {
    throw Error(fmt::format("training step: the gradient is to be clipped at {}; give a number above 0, or 0 for none",
                            options.clip_norm));
  }
  State& state = *state_;
  state.network = &network;
  state.weighted = options.weighted;
  state.numbers = StepNumbers(options.optimizer, network.layout(), options.steps);
  state.described = describe_step(network, batch, targets, options);
  state.plan = std::make_unique<Plan>(state.described.graph,
                                      PlanOptions{.outputs = state.outputs(), .update = true, .fuse = options.fuse});
  state.fed_numbers = Tensor(state.plan->inputs()[StepGraph::kNumbers].type);
  for (const std::string& slot : options.optimizer.slots) {
    if (!network.store().has(slot)) network.store().put(slot, Tensor(network.parameters().type()), StateRole::slot);
  }
  state.session = std::make_unique<Session>(*state.plan, network.store(), options.session);
  state.finite = static_cast<const std::int32_t*>(state.session->output(StepGraph::kFinite));
  state.feature_elements = plan().inputs()[StepGraph::kFeatures].type.elements();
  state.target_elements = targets.elements();
  state.rows = batch;
  state.session->bind(StepGraph::kNumbers, state.fed_numbers.raw());
  state.session->bind(StepGraph::kPosition, state.position.data());
  for (const StepGraph::Constant& constant : state.described.constants)
    state.session->bind(constant.input, constant.value.raw());
}

TrainingStep::~TrainingStep() = default;
TrainingStep::TrainingStep(TrainingStep&&) noexcept = default;

double TrainingStep::run(const TensorView& features, const TensorView& targets, std::int64_t step, double rate,
                         std::uint64_t seed, std::int64_t first_row, const TensorView& weights) {
  const FlushToZero mode;  // once for both parts of the run
  state_->feed(features, targets, step, rate, seed, first_row, weights);
  const double loss = state_->evaluate();
  if (state_->updated) state_->session->run_writes();
  return loss;
}

double TrainingStep::evaluate(const TensorView& features, const TensorView& targets, std::int64_t step, double rate,
                              std::uint64_t seed, std::int64_t first_row, const TensorView& weights) {
  const FlushToZero mode;
  state_->feed(features, targets, step, rate, seed, first_row, weights);
  const double loss = state_->evaluate();
  state_->ready = state_->updated;
  return loss;
}

void TrainingStep::apply() {
  if (std::exchange(state_->ready, false)) state_->session->run_writes();
}

bool TrainingStep::updated() const { return state_->updated; }

std::vector<LayerValue> TrainingStep::watched() const {
  const Session& session = *state_->session;
  std::vector<LayerValue> result;
  std::size_t next = StepGraph::kOutputs;  // in the order of State::outputs
  for (const StepGraph::Seen& one : state_->described.seen) {
    LayerValue& layer = result.emplace_back();
    layer.point = one.point;
    layer.type = graph().type(one.value);
    if (!one.point.in.empty()) layer.in_type = graph().type(one.point.in[0]);
    for (std::size_t k = 0; k < one.point.in.size(); ++k) layer.in.push_back(session.output(next++));
    layer.value = session.output(next++);
    if (one.gradient) layer.gradient = session.output(next++);
  }
  return result;
}

const Plan& TrainingStep::plan() const { return *state_->plan; }
const void* TrainingStep::gradient() const { return state_->session->output(StepGraph::kGradient); }
const Graph& TrainingStep::graph() const { return state_->described.graph; }
Value TrainingStep::loss() const { return state_->described.loss; }

std::string TrainingStep::explain_not_finite(const TensorView& features, const TensorView& targets, std::int64_t step,
                                             double rate, std::uint64_t seed, std::int64_t first_row,
                                             const TensorView& weights) const {
  state_->feed(features, targets, step, rate, seed, first_row, weights);
  std::vector<const void*> data{features.raw(), targets.raw(), state_->fed_numbers.raw(), state_->position.data()};
  if (weights) data.push_back(weights.raw());
  for (const StepGraph::Constant& constant : state_->described.constants) data.push_back(constant.value.raw());
  std::map<std::string, Tensor> inputs;
  for (std::size_t k = 0; k < plan().inputs().size(); ++k) {
    const PlanTensor& input = plan().inputs()[k];
    Tensor tensor(input.type);
    std::memcpy(tensor.raw(), data[k], tensor.bytes());
    inputs.emplace(input.name, std::move(tensor));
  }
  const NaiveRun run = run_naive(state_->described.graph, inputs, state_->network->store());
  const Value first = first_not_finite(state_->described.graph, run);
  if (!first) return {};
  const Tensor& values = run.at(first);
  std::int64_t element = 0;
  while (element + 1 < values.elements() && std::isfinite(values.at(element))) ++element;
  // The node of the value may have no name; it belongs to the layer of the next named node.
  NodeId named = first.node;
  while (named + 1 < state_->described.graph.size() && state_->described.graph.node(named).name.empty()) ++named;
  const std::string& name = state_->described.graph.node(named).name;
  return fmt::format("{} became {} first, at element {} of {}{}", state_->described.graph.node(first.node).op->name,
                     values.at(element), element, values.type().to_string(),
                     name.empty() ? "" : fmt::format(", computing \"{}\"", name));
}

}  // namespace hillock

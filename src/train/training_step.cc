// One training step as one plan: forward, backward, update.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>

#include "core/finite.h"
#include "core/float_mode.h"
#include "hillock/error.h"
#include "hillock/grad.h"
#include "hillock/naive.h"
#include "hillock/ops.h"
#include "hillock/train.h"
#include "train/dependence.h"
#include "train/row_weights.h"
#include "train/targets.h"

namespace hillock {
namespace {

Shape with_batch(std::int64_t batch, const Shape& row) {
  std::vector<std::int64_t> dims{batch};
  dims.insert(dims.end(), row.dims().begin(), row.dims().end());
  return Shape(std::span<const std::int64_t>(dims));
}

Value flat(Graph& graph, Value value) { return ops::reshape(graph, value, {graph.type(value).elements()}); }

}  // namespace

// A value that a layer showed, its gradient, and where both are among the plan's outputs.
struct Seen {
  nn::TapPoint point;
  Value value, gradient;
  std::size_t first_output = 0;
};

struct TrainingStep::State {
  Network* network;
  Optimizer optimizer;
  Graph graph;
  std::unique_ptr<Plan> plan;
  std::unique_ptr<Session> session;
  std::array<std::int64_t, 3> position{};  // seed, step, first row
  std::vector<double> numbers;             // of the optimizer
  Tensor fed_numbers;                      // the same in the network's dtype
  std::int64_t gradient_elements = 0;
  bool weighted = false;
  bool updated = false;  // by the last run
  std::vector<Seen> seen;

  void describe(std::int64_t batch, const TensorType& targets, const StepOptions& options);
  std::vector<Value> describe_gradients(Value loss, const std::vector<Value>& pieces);
  void describe_update(Value parameters, Value gradient, Value numbers_in);
  void feed(const void* features, const void* targets, std::int64_t step, double rate, std::uint64_t seed,
            std::int64_t first_row, const void* weights);
};

// Inputs in the order in which run() binds them: features, targets, numbers, position, and weights where rows have any.
void TrainingStep::State::describe(std::int64_t batch, const TensorType& targets, const StepOptions& options) {
  const DType dtype = network->options().dtype;
  const Value features = graph.input("features", {dtype, with_batch(batch, network->options().input), {}});
  const Value labels = graph.input("targets", targets);
  const Value numbers_in = graph.input("numbers", {dtype, {static_cast<std::int64_t>(optimizer.numbers)}, {}});
  const Value position_in = graph.input("position", {DType::i64, {3}, {}});

  const Value parameters = network->block(graph);
  std::vector<Value> pieces;
  const nn::Tap see = [this](Graph&, const nn::TapPoint& point, Value value) {
    seen.push_back({.point = point, .value = value, .gradient = {}});
    return value;
  };
  nn::Output out = network->describe(graph, features, parameters, /*training=*/true, position_in, &pieces,
                                     options.watch ? see : nn::Tap());
  if (weighted) out.weights = graph.input("weights", {dtype, {batch}, {}});
  const Value loss =
      graph.set_name(options.loss(graph, out, target_values(graph, labels, dtype, network->outputs())), "loss");
  if (graph.type(loss).shape.rank() != 0) {
    throw Error(
        fmt::format("loss: it gives {} instead of one number; average or sum it", graph.type(loss).to_string()));
  }
  if (weighted) require_weighted(graph, loss, out.weights);
  std::vector<Value> parts = describe_gradients(loss, pieces);
  for (std::size_t k = 0; k < parts.size(); ++k) {
    parts[k] = graph.set_name(flat(graph, parts[k]), "gradient of " + network->layout().parameters[k].name);
  }
  const Value whole = graph.set_name(ops::concat(graph, parts), "gradient");
  const Value gradient = options.clip_norm > 0 ? clip_by_global_norm(graph, whole, options.clip_norm) : whole;

  if (optimizer.update) describe_update(parameters, gradient, numbers_in);
  // The gradient is an output so that run() can look at it before anything is written.
  std::vector<Value> outputs{loss, whole};
  for (Seen& one : seen) {
    one.first_output = outputs.size();
    outputs.insert(outputs.end(), {one.value, one.point.in});
    if (one.gradient) outputs.push_back(one.gradient);
  }
  plan = std::make_unique<Plan>(graph, PlanOptions{.outputs = outputs, .update = true, .fuse = options.fuse});
}

void TrainingStep::State::describe_update(Value parameters, Value gradient, Value numbers_in) {
  std::vector<Value> slots;
  for (const std::string& slot : optimizer.slots) slots.push_back(graph.state(slot, graph.type(parameters)));
  std::vector<Value> scalars;
  for (std::size_t k = 0; k < optimizer.numbers; ++k) {
    scalars.push_back(ops::reshape(graph, ops::slice(graph, numbers_in, {static_cast<std::int64_t>(k)}, {1}), {}));
  }
  const Update update = optimizer.update(graph, parameters, gradient, slots, scalars);
  graph.assign(parameters, graph.set_name(update.parameters, "new parameters"));
  for (std::size_t k = 0; k < slots.size(); ++k)
    graph.assign(slots[k], graph.set_name(update.slots[k], "new " + optimizer.slots[k]));
}

// By the parameters; the same walk gives those by what is seen.
std::vector<Value> TrainingStep::State::describe_gradients(Value loss, const std::vector<Value>& pieces) {
  std::vector<Value> by = pieces;
  std::vector<Seen*> reached;
  for (Seen& one : seen) {
    if (!depends_on(graph, loss, one.value)) continue;
    by.push_back(one.value);
    reached.push_back(&one);
  }
  std::vector<Value> parts = gradients(graph, loss, by);
  for (std::size_t k = 0; k < reached.size(); ++k) reached[k]->gradient = parts[pieces.size() + k];
  parts.resize(pieces.size());
  return parts;
}

void TrainingStep::State::feed(const void* features, const void* targets, std::int64_t step, double rate,
                               std::uint64_t seed, std::int64_t first_row, const void* weights) {
  if (weighted != (weights != nullptr)) {
    throw Error(weighted ? "training step: it is weighted and run() got no weights; pass one for each row"
                         : "training step: run() got weights and the step has none; set StepOptions::weighted");
  }
  optimizer.step_numbers(step, rate, numbers);
  for (std::size_t k = 0; k < numbers.size(); ++k) fed_numbers.set(static_cast<std::int64_t>(k), numbers[k]);
  position = {static_cast<std::int64_t>(seed), step, first_row};
  session->bind(0, features);
  session->bind(1, targets);
  if (weighted) session->bind(4, weights);
}

TrainingStep::TrainingStep(Network& network, std::int64_t batch, const TensorType& targets, StepOptions options)
    : state_(std::make_unique<State>()) {
  if (!options.loss) throw Error("training step: there is no loss; pass one, for example nn::loss(nn::LossKind::mse)");
  if (!options.optimizer.update && !options.optimizer.lbfgs)
    throw Error("training step: there is no optimizer; pass one, for example sgd()");
  if (network.parameter_count() == 0) throw Error("training step: the network has no parameters to train");
  State& state = *state_;
  state.network = &network;
  state.optimizer = std::move(options.optimizer);
  state.weighted = options.weighted;
  state.numbers.assign(state.optimizer.numbers, 0);
  state.fed_numbers =
      Tensor(TensorType{network.options().dtype, {static_cast<std::int64_t>(state.optimizer.numbers)}, {}});
  state.describe(batch, targets, options);
  for (const std::string& slot : state.optimizer.slots) {
    if (!network.store().has(slot))
      network.store().put(slot, Tensor(TensorType{network.options().dtype, {network.parameter_count()}, {}}));
  }
  state.session = std::make_unique<Session>(*state.plan, network.store(), options.session);
  state.gradient_elements = plan().outputs()[1].type.elements();
  state.session->bind(2, state.fed_numbers.raw());
  state.session->bind(3, state.position.data());
}

TrainingStep::~TrainingStep() = default;
TrainingStep::TrainingStep(TrainingStep&&) noexcept = default;

double TrainingStep::run(const void* features, const void* targets, std::int64_t step, double rate, std::uint64_t seed,
                         std::int64_t first_row, const void* weights) {
  const FlushToZero mode;  // once for both parts of the run
  state_->feed(features, targets, step, rate, seed, first_row, weights);
  Session& session = *state_->session;
  session.run_before_writes();
  const double loss = session.scalar(0);
  state_->updated =
      std::isfinite(loss) && all_finite(state_->network->options().dtype, session.output(1), state_->gradient_elements);
  if (state_->updated) session.run_writes();
  return loss;
}

bool TrainingStep::updated() const { return state_->updated; }

std::vector<LayerValue> TrainingStep::watched() const {
  const Session& session = *state_->session;
  std::vector<LayerValue> result;
  for (const Seen& one : state_->seen) {
    result.push_back({.point = one.point,
                      .type = state_->graph.type(one.value),
                      .value = session.output(one.first_output),
                      .gradient = one.gradient ? session.output(one.first_output + 2) : nullptr,
                      .in_type = state_->graph.type(one.point.in),
                      .in = session.output(one.first_output + 1)});
  }
  return result;
}

const Plan& TrainingStep::plan() const { return *state_->plan; }
const void* TrainingStep::gradient() const { return state_->session->output(1); }
const Graph& TrainingStep::graph() const { return state_->graph; }

std::string TrainingStep::explain_not_finite(const void* features, const void* targets, std::int64_t step, double rate,
                                             std::uint64_t seed, std::int64_t first_row, const void* weights) const {
  state_->feed(features, targets, step, rate, seed, first_row, weights);
  const std::array<const void*, 5> data{features, targets, state_->fed_numbers.raw(), state_->position.data(), weights};
  std::map<std::string, Tensor> inputs;
  for (std::size_t k = 0; k < plan().inputs().size(); ++k) {
    const PlanTensor& input = plan().inputs()[k];
    Tensor tensor(input.type);
    std::memcpy(tensor.raw(), data[k], tensor.bytes());
    inputs.emplace(input.name, std::move(tensor));
  }
  const NaiveRun run = run_naive(state_->graph, inputs, state_->network->store());
  const Value first = first_not_finite(state_->graph, run);
  if (!first) return {};
  const Tensor& values = run.at(first);
  std::int64_t element = 0;
  while (element + 1 < values.elements() && std::isfinite(values.at(element))) ++element;
  // The node that the value belongs to may have no name; the next named one after it is the layer it is part of.
  NodeId named = first.node;
  while (named + 1 < state_->graph.size() && state_->graph.node(named).name.empty()) ++named;
  const std::string& name = state_->graph.node(named).name;
  return fmt::format("{} became {} first, at element {} of {}{}", state_->graph.node(first.node).op->name,
                     values.at(element), element, values.type().to_string(),
                     name.empty() ? "" : fmt::format(", computing \"{}\"", name));
}

}  // namespace hillock

// Describes a training step as one graph (forward, backward, update), and the graphs for evaluation.
#include "train/step_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/row_shape.h"
#include "hillock/error.h"
#include "hillock/grad.h"
#include "hillock/ops.h"
#include "train/dependence.h"
#include "train/row_weights.h"
#include "train/step_numbers.h"
#include "train/targets.h"

namespace hillock {
namespace {

Value flat(Graph& graph, Value value) { return ops::reshape(graph, value, {graph.type(value).elements()}); }

void require_scalar(const Graph& graph, Value loss) {
  if (graph.type(loss).shape.rank() == 0) return;
  throw Error(fmt::format("loss: it gives {} instead of one number; average or sum it", graph.type(loss).to_string()));
}

// The factors by which groups multiply rate and decay, [elements]; nothing if all are 1.
class GroupFactors {
 public:
  GroupFactors(StepGraph& step, const nn::StateLayout& layout, DType dtype)
      : rate_(input(step, layout, dtype, "rate factors", &nn::ParameterGroup::rate)),
        decay_(input(step, layout, dtype, "decay factors", &nn::ParameterGroup::decay)) {}

  Value of_number(Graph& graph, Value number, NumberKind kind) const {
    switch (kind) {
      case NumberKind::same: return number;
      case NumberKind::rate: return times(graph, number, rate_);
      case NumberKind::kept: {
        return ops::add(graph, times(graph, times(graph, number, rate_), decay_), 1.0);  // StepNumbers subtracted 1
      }
    }
    return number;
  }
  Value of_decay(Graph& graph, Value parameters) const { return times(graph, parameters, decay_); }

 private:
  static Value input(StepGraph& step, const nn::StateLayout& layout, DType dtype, const char* name,
                     double nn::ParameterGroup::*factor) {
    const auto is_one = [&](const nn::StateLayout::Group& group) { return group.factors.*factor == 1; };
    if (std::ranges::all_of(layout.groups, is_one)) return {};
    Tensor values(TensorType{dtype, {layout.elements}, {}});
    for (const nn::StateLayout::Group& group : layout.groups) {
      for (std::int64_t i = group.begin; i < group.end; ++i) values.set(i, group.factors.*factor);
    }
    const Value result = step.graph.input(name, values.type());
    step.constants.push_back({step.graph.inputs().size() - 1, std::move(values)});
    return result;
  }
  static Value times(Graph& graph, Value value, Value factors) {
    return factors ? ops::multiply(graph, value, factors) : value;
  }

  Value rate_, decay_;
};

void describe_update(StepGraph& step, const Network& network, const Optimizer& optimizer, Value parameters,
                     Value gradient, Value numbers) {
  require_step_numbers(optimizer);
  Graph& graph = step.graph;
  std::vector<Value> slots;
  for (const std::string& slot : optimizer.slots) slots.push_back(graph.state(slot, graph.type(parameters)));
  std::vector<Value> scalars;
  for (std::size_t k = 0; k < optimizer.numbers; ++k) {
    scalars.push_back(ops::reshape(graph, ops::slice(graph, numbers, {static_cast<std::int64_t>(k)}, {1}), {}));
  }
  const GroupFactors factors(step, network.layout(), network.options().dtype);
  if (has_factors(network.layout())) {
    if (optimizer.number_kinds.size() != optimizer.numbers) {
      throw Error(fmt::format(
          "training step: the network's parameters belong to groups, and optimizer \"{}\" does not say what rates and "
          "decays its numbers are; set Optimizer::number_kinds",
          optimizer.name));
    }
    for (std::size_t k = 0; k < scalars.size(); ++k)
      scalars[k] = factors.of_number(graph, scalars[k], optimizer.number_kinds[k]);
  }
  if (optimizer.weight_decay != 0) {
    const Value decay = ops::multiply(graph, factors.of_decay(graph, parameters), optimizer.weight_decay);
    gradient = ops::add(graph, gradient, decay);
  }
  const Update update = optimizer.update(graph, parameters, gradient, slots, scalars);
  graph.assign(parameters, graph.set_name(update.parameters, "new parameters"));
  for (std::size_t k = 0; k < slots.size(); ++k)
    graph.assign(slots[k], graph.set_name(update.slots[k], "new " + optimizer.slots[k]));
}

// The gradients by the parameters. The same walk gives those by the values that are watched.
std::vector<Value> describe_gradients(StepGraph& step, const std::vector<Value>& pieces) {
  std::vector<Value> by = pieces;
  std::vector<StepGraph::Seen*> reached;
  for (StepGraph::Seen& one : step.seen) {
    if (!depends_on(step.graph, step.loss, one.value)) continue;
    by.push_back(one.value);
    reached.push_back(&one);
  }
  std::vector<Value> parts = gradients(step.graph, step.loss, by);
  for (std::size_t k = 0; k < reached.size(); ++k) reached[k]->gradient = parts[pieces.size() + k];
  parts.resize(pieces.size());
  return parts;
}

}  // namespace

StepGraph describe_step(const Network& network, std::int64_t batch, const TensorType& targets,
                        const StepOptions& options) {
  StepGraph step;
  Graph& graph = step.graph;
  const DType dtype = network.options().dtype;
  const Value features = graph.input("features", {dtype, with_rows(batch, network.options().input), {}});
  const Value labels = graph.input("targets", targets);
  const auto own = static_cast<std::int64_t>(network.layout().numbers.size());
  const auto optimizers = static_cast<std::int64_t>(options.optimizer.numbers);
  const Value numbers = graph.input("numbers", {dtype, {optimizers + own}, {}});
  const Value position = graph.input("position", {DType::i64, {3}, {}});

  const Value parameters = network.block(graph);
  const nn::Tap see = [&step](Graph&, const nn::TapPoint& point, Value value) {
    step.seen.push_back({.point = point, .value = value, .gradient = {}});
    return value;
  };
  const DescribedNetwork described =
      network.describe(graph, features,
                       {.training = true,
                        .position = position,
                        .numbers = own == 0 ? Value() : ops::slice(graph, numbers, {optimizers}, {own}),
                        .tap = options.watch ? see : nn::Tap()});
  nn::Output out = described.out;
  if (options.weighted) out.weights = graph.input("weights", {dtype, {batch}, {}});
  step.loss = graph.set_name(options.loss(graph, out, target_values(graph, labels, dtype, network.outputs())), "loss");
  require_scalar(graph, step.loss);
  if (options.weighted) require_weighted(graph, step.loss, out.weights);
  std::vector<Value> parts = describe_gradients(step, described.parameters);
  for (std::size_t k = 0; k < parts.size(); ++k) {
    parts[k] = graph.set_name(flat(graph, parts[k]), "gradient of " + network.layout().parameters[k].name);
  }
  step.gradient = graph.set_name(ops::concat(graph, parts), "gradient");
  const Value used =
      options.clip_norm > 0 ? clip_by_global_norm(graph, step.gradient, options.clip_norm) : step.gradient;
  if (options.optimizer.update) describe_update(step, network, options.optimizer, parameters, used, numbers);
  network.assign_statistics(graph, described.updates);
  // Added last, so that the buffers of the other steps stay where they were.
  step.finite = graph.set_name(ops::all_finite(graph, std::array{step.loss, step.gradient}), "finite");
  return step;
}

ForwardGraph describe_forward(const Network& network, std::int64_t batch) {
  ForwardGraph forward;
  const Value in =
      forward.graph.input("features", {network.options().dtype, with_rows(batch, network.options().input), {}});
  forward.logits = network.describe(forward.graph, in).logits;
  return forward;
}

RowLossGraph describe_row_loss(const Network& network, const nn::RowLoss& loss, const TensorType& targets,
                               bool weighted) {
  RowLossGraph judge;
  Graph& graph = judge.graph;
  const DType dtype = network.options().dtype;
  const std::int64_t batch = targets.shape[0];
  const Value features = graph.input("features", {dtype, with_rows(batch, network.options().input), {}});
  const Value labels = graph.input("targets", targets);
  nn::Output out = network.describe(graph, features);
  if (weighted) out.weights = graph.input("weights", {dtype, {batch}, {}});
  judge.prediction = out.prediction;
  judge.terms = nn::weighted_terms(graph, loss, out, target_values(graph, labels, dtype, network.outputs()));
  return judge;
}

LossGraph describe_loss(const Network& network, const nn::Loss& loss, const TensorType& targets, bool weighted) {
  LossGraph judge;
  Graph& graph = judge.graph;
  const DType dtype = network.options().dtype;
  const std::int64_t rows = targets.shape[0];
  nn::Output out;
  out.logits = graph.input("logits", {dtype, {rows, network.outputs()}, {}});
  out.prediction = nn::activate(graph, out.logits, network.options().output);
  const Value labels = graph.input("targets", targets);
  if (weighted) out.weights = graph.input("weights", {dtype, {rows}, {}});
  judge.prediction = out.prediction;
  judge.loss = loss(graph, out, target_values(graph, labels, dtype, network.outputs()));
  if (weighted) require_weighted(graph, judge.loss, out.weights);
  return judge;
}

}  // namespace hillock

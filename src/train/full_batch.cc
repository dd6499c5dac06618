// Converts between the minimizer's double precision and the network's parameters.
#include "train/full_batch.h"

#include <fmt/format.h>

#include <algorithm>

#include "hillock/error.h"
#include "train/dependence.h"
#include "train/step_graph.h"

namespace hillock {
namespace {

bool draws_random_numbers(const Graph& graph) {
  for (const Value& input : graph.inputs()) {
    if (graph.node(input.node).name != "position") continue;
    const auto uses = [&](const Node& node) { return std::ranges::find(node.inputs, input) != node.inputs.end(); };
    return std::ranges::any_of(graph.nodes(), uses);
  }
  return false;
}

// Whether the loss at the same parameters changes from iteration to iteration, because it is computed from a statistic
// that the step updates or from a number that layers ask for.
bool moves_between_iterations(const TrainingStep& step) {
  const Graph& graph = step.graph();
  const auto moves = [&](const StatePair& pair) { return pair.next && depends_on(graph, step.loss(), pair.old); };
  return std::ranges::any_of(graph.states(), moves) ||
         depends_on(graph, step.loss(), graph.inputs()[StepGraph::kNumbers]);
}

// The factor of weight decay of each parameter; empty if all are 1.
std::vector<double> decay_factors(const nn::StateLayout& layout) {
  std::vector<double> factors;
  const auto is_one = [](const nn::StateLayout::Group& group) { return group.factors.decay == 1; };
  if (std::ranges::all_of(layout.groups, is_one)) return factors;
  for (const nn::StateLayout::Group& group : layout.groups)
    factors.insert(factors.end(), static_cast<std::size_t>(group.end - group.begin), group.factors.decay);
  return factors;
}

void require_no_rates(const nn::StateLayout& layout) {
  for (const nn::StateLayout::Group& group : layout.groups) {
    if (group.factors.rate == 1) continue;
    throw Error(
        fmt::format("train: L-BFGS has one rate for all parameters and a group of them has the factor {}; use another "
                    "optimizer",
                    group.factors.rate));
  }
}

template <class T>
void copy_numbers(const T* from, std::span<double> to) {
  std::copy(from, from + to.size(), to.begin());
}

}  // namespace

FullBatch::FullBatch(Network& network, TrainingStep& step, const TrainOptions& options, std::int64_t rows)
    : parameters_(network.parameters()),
      step_(step),
      moves_between_iterations_(moves_between_iterations(step)),
      weight_decay_(options.step.optimizer.lbfgs->weight_decay),
      decay_factors_(decay_factors(network.layout())),
      seed_(options.seed),
      minimizer_(static_cast<std::size_t>(network.parameter_count()), *options.step.optimizer.lbfgs),
      x_(static_cast<std::size_t>(network.parameter_count())) {
  if (options.batch_size > 0 && options.batch_size < rows) {
    throw Error(fmt::format("train: L-BFGS needs all {} rows in each step and the batch is {}; make it all", rows,
                            options.batch_size));
  }
  if (options.step.clip_norm > 0) {
    throw Error(
        fmt::format("train: L-BFGS finds the length of its steps itself and the gradient is to be clipped at "
                    "{}; leave that out",
                    options.step.clip_norm));
  }
  require_no_rates(network.layout());
  if (draws_random_numbers(step.graph())) {
    throw Error("train: L-BFGS needs a loss that stays the same and the network has dropout; leave that out");
  }
}

double FullBatch::evaluate(std::span<double> x, std::span<double> gradient, const RowsView& rows, std::int64_t number,
                           double rate) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    parameters_.set(at, x[i]);
    x[i] = parameters_.at(at);  // rounded to the network's dtype
  }
  evaluated_ = true;
  loss_ = step_.evaluate(rows.features, rows.targets, number, rate, seed_, 0, rows.weights);
  if (parameters_.dtype() == DType::f32) {
    copy_numbers(static_cast<const float*>(step_.gradient()), gradient);
  } else {
    copy_numbers(static_cast<const double*>(step_.gradient()), gradient);
  }
  if (weight_decay_ == 0) return loss_;
  double squares = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double factor = decay_factors_.empty() ? 1 : decay_factors_[i];
    squares += factor * x[i] * x[i];
    gradient[i] += weight_decay_ * factor * x[i];
  }
  return loss_ + 0.5 * weight_decay_ * squares;
}

void FullBatch::visit(Cursor& cursor) {
  cursor.field("lbfgs.loss", loss_);
  cursor.field("lbfgs.converged", converged_);
  minimizer_.visit(cursor);
}

double FullBatch::run(const RowsView& rows, std::int64_t number, double rate) {
  for (std::size_t i = 0; i < x_.size(); ++i) x_[i] = parameters_.at(static_cast<std::int64_t>(i));
  const auto function = [&](std::span<double> x, std::span<double> gradient) {
    return evaluate(x, gradient, rows, number, rate);
  };
  if (moves_between_iterations_) minimizer_.forget_value();
  evaluated_ = false;
  const optim::Lbfgs::End end = minimizer_.step(x_, rate, function);
  // The minimizer needed no pass. The step is evaluated all the same, since it may be that of a restored run.
  if (!evaluated_) loss_ = step_.evaluate(rows.features, rows.targets, number, rate, seed_, 0, rows.weights);
  converged_ = end == optim::Lbfgs::End::converged;
  // The last pass was made with the final parameters.
  if (evaluated_ && end != optim::Lbfgs::End::not_finite) step_.apply();
  return loss_;
}

}  // namespace hillock

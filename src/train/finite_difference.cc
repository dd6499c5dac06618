// The forward pass with offsets, and Ridders' extrapolation of difference quotients.
#include "train/finite_difference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/row_shape.h"
#include "hillock/graph.h"
#include "hillock/op.h"
#include "hillock/ops.h"
#include "hillock/plan.h"
#include "hillock/tensor.h"
#include "train/targets.h"

namespace hillock {
namespace {

// Values of h relative to max(1, |v|), powers of two so that v ± h is rounded as little as possible: from an eighth,
// small enough for a network to be smooth, to 2⁻²⁰ (a millionth), below which rounding errors dominate.
constexpr double kFirstStep = 0.125;
constexpr int kHalvings = 17;

std::int8_t side_of(double x) { return static_cast<std::int8_t>((x > 0) - (x < 0)); }

// Neville's scheme over quotients for h, h/2, h/4, …: their errors are a series in h².
class Extrapolation {
 public:
  void add(double quotient) {
    std::vector<double> row{quotient};
    double factor = 4;
    for (std::size_t k = 0; k < last_.size(); ++k, factor *= 4) {
      row.push_back((factor * row[k] - last_[k]) / (factor - 1));
      const double error = std::max(std::abs(row[k + 1] - row[k]), std::abs(row[k + 1] - last_[k]));
      if (!(error < error_)) continue;
      error_ = error;
      value_ = row[k + 1];
      since_best_ = -1;
    }
    if (last_.empty()) value_ = quotient;
    last_ = std::move(row);
    ++since_best_;
  }
  // Whether a smaller h is unlikely to help because rounding errors have begun to grow.
  bool done() const { return since_best_ >= 4 && error_ <= 1e-8 * std::max(1.0, std::abs(value_)); }
  double value() const { return value_; }
  bool empty() const { return last_.empty(); }

 private:
  std::vector<double> last_;  // for the previous h: after 0, 1, … extrapolations
  double value_ = 0;
  double error_ = std::numeric_limits<double>::infinity();
  int since_best_ = 0;
};

}  // namespace

LossProbe::LossProbe(const Network& network, std::int64_t batch, const TensorType& targets, const nn::Loss& loss,
                     bool weighted)
    : network_(network.copy(DType::f64)), numbers_(network.layout().numbers.size()) {
  TensorType type = targets;
  if (is_float(type.dtype)) type.dtype = DType::f64;
  describe(type, batch, loss, weighted);
}

void LossProbe::describe(const TensorType& targets, std::int64_t batch, const nn::Loss& loss, bool weighted) {
  Graph graph;
  const Value features = graph.input("features", {DType::f64, with_rows(batch, network_.options().input), {}});
  const Value labels = graph.input("targets", targets);
  const Value position = graph.input("position", {DType::i64, {3}, {}});
  std::vector<Value> offsets;
  const nn::Tap shift = [&offsets](Graph& to, const nn::TapPoint&, Value value) {
    offsets.push_back(to.input("offset " + std::to_string(offsets.size()), to.type(value)));
    return ops::add(to, value, offsets.back());
  };
  const Value numbers = numbers_.empty() ? Value() : graph.input("numbers", {DType::f64, {std::ssize(numbers_)}, {}});
  nn::Output out =
      network_.describe(graph, features, {.training = true, .position = position, .numbers = numbers, .tap = shift})
          .out;
  if (weighted) out.weights = graph.input("weights", {DType::f64, {batch}, {}});
  std::vector<Value> outputs{loss(graph, out, target_values(graph, labels, DType::f64, network_.outputs()))};
  const NodeId last = graph.size();
  for (NodeId id = 0; id < last; ++id) {
    if (graph.node(id).op->kink != nullptr) outputs.push_back(graph.node(id).op->kink(graph, id));
  }
  for (const Value offset : offsets) offsets_.emplace_back(graph.type(offset));
  plan_ = std::make_unique<Plan>(graph, PlanOptions{.outputs = outputs});
  session_ = std::make_unique<Session>(*plan_, std::as_const(network_).store());
  session_->bind(2, position_.data());
  if (!numbers_.empty()) session_->bind(3, numbers_.data());
  const std::size_t first = numbers_.empty() ? 3 : 4;
  for (std::size_t k = 0; k < offsets_.size(); ++k) session_->bind(first + k, offsets_[k].raw());
}

void LossProbe::set_parameters(const Network& network) {
  network_.copy_values(network);
  for (Tensor& offset : offsets_) std::ranges::fill(offset.values<double>(), 0.0);
}

void LossProbe::set_batch(const Tensor& features, const Tensor& targets, const Tensor* weights,
                          std::array<std::int64_t, 3> position, std::span<const double> numbers) {
  features_ = converted(features, DType::f64);
  targets_ = is_float(targets.dtype()) ? converted(targets, DType::f64) : targets;
  position_ = position;
  session_->bind(0, features_.raw());
  session_->bind(1, targets_.raw());
  if (weights != nullptr) {
    weights_ = converted(*weights, DType::f64);
    session_->bind(plan_->inputs().size() - 1, weights_.raw());
  }
  session_->bind(2, position_.data());
  std::ranges::copy(numbers, numbers_.begin());
}

double LossProbe::loss() {
  session_->run();
  return session_->scalar(0);
}

std::span<double> LossProbe::parameters() { return network_.parameters().values<double>(); }
std::span<double> LossProbe::offset(std::size_t tap) { return offsets_[tap].values<double>(); }

std::vector<std::int8_t> LossProbe::sides() const {
  std::vector<std::int8_t> result;
  for (std::size_t k = 1; k < plan_->outputs().size(); ++k) {
    for (const double x : session_->output_values<double>(k)) result.push_back(side_of(x));
  }
  return result;
}

double LossProbe::loss_at(double& variable, double at, bool& same_side) {
  variable = at;
  const double result = loss();
  std::size_t next = 0;
  for (std::size_t k = 1; k < plan_->outputs().size() && same_side; ++k) {
    for (const double x : session_->output_values<double>(k)) same_side = same_side && side_of(x) == sides_[next++];
  }
  return result;
}

Slope LossProbe::slope(double& variable) {
  const double here = variable;
  loss();
  sides_ = sides();
  Extrapolation extrapolation;
  double h = kFirstStep * std::exp2(std::ceil(std::log2(std::max(1.0, std::abs(here)))));
  double quotient = 0;
  for (int k = 0; k <= kHalvings && !extrapolation.done(); ++k, h /= 2) {
    bool same_side = true;
    const double above = loss_at(variable, here + h, same_side);
    const double below = loss_at(variable, here - h, same_side);
    quotient = (above - below) / ((here + h) - (here - h));
    if (!same_side) {
      extrapolation = {};  // the quotients so far were taken across a kink
    } else if (std::isfinite(quotient)) {
      extrapolation.add(quotient);
    }
  }
  variable = here;
  if (!std::isfinite(quotient)) return {.value = std::numeric_limits<double>::infinity(), .kink = false};
  if (extrapolation.empty()) return {.value = quotient, .kink = true};
  return {.value = extrapolation.value(), .kink = false};
}

}  // namespace hillock

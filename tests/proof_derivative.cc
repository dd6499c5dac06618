// Finite differences of naive runs.
#include "tests/proof_derivative.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hillock/grad.h"
#include "hillock/ops.h"

namespace hillock {
namespace {

constexpr double kTolerance = 1e-6;
constexpr double kStep = 2e-4;
constexpr std::int64_t kElementByElement = 64;
constexpr int kDirections = 8;

// Adds an input with fixed numbers away from zero as weights of `value`.
Value add_weights(AppliedOp& applied, Value value, const std::string& name, std::uint64_t seed) {
  const TensorType& type = applied.graph.type(value);
  Tensor weights = sample_values(type.shape, -1, 1, seed);
  for (double& weight : weights.values<double>()) weight += weight < 0 ? -0.5 : 0.5;
  const DType dtype = type.dtype;
  const Value input = applied.graph.input(name, {dtype, type.shape, {}});
  applied.bound.insert_or_assign(name, dtype == DType::f32 ? rounded_to_f32(weights) : weights);
  return input;
}

// Σ over all pairs and elements of weight · value, a scalar.
Value weighted_sum(Graph& graph, const std::vector<Value>& values, const std::vector<Value>& weights) {
  Value total;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const Value sum = ops::sum(graph, ops::multiply(graph, values[k], weights[k]));
    total = total ? ops::add(graph, total, sum) : sum;
  }
  return total;
}

// A change of one operand: element i changes by t · direction[i].
using Direction = std::vector<double>;

double weighted_change(const DifferentiatedOp& point, const std::vector<Value>& values,
                       const std::vector<Value>& weights, const NaiveRun& low, const NaiveRun& high) {
  double change = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const Tensor& weight = point.applied.bound.at(point.applied.graph.node(weights[k].node).name);
    const auto below = low.at(values[k]).values<double>();
    const auto above = high.at(values[k]).values<double>();
    for (std::size_t i = 0; i < below.size(); ++i) change += weight.values<double>()[i] * (above[i] - below[i]);
  }
  return change;
}

class FiniteDifference {
 public:
  FiniteDifference(const DifferentiatedOp& point, const std::vector<Value>& values, const std::vector<Value>& weights)
      : point_(point), values_(values), weights_(weights), bound_(point.applied.bound) {}

  // The derivative along `direction` of operand number `operand`.
  double along(std::size_t operand, const Direction& direction) {
    const double wide = central(operand, direction, kStep);
    const double narrow = central(operand, direction, kStep / 2);
    return (4 * narrow - wide) / 3;
  }

 private:
  double central(std::size_t operand, const Direction& direction, double h) {
    const NaiveRun low = run_moved(operand, direction, -h);
    const NaiveRun high = run_moved(operand, direction, h);
    return weighted_change(point_, values_, weights_, low, high) / (2 * h);
  }
  NaiveRun run_moved(std::size_t operand, const Direction& direction, double t) {
    const std::string name = fmt::format("in{}", operand);
    const Tensor original = bound_.at(name);
    const auto moved = bound_.at(name).values<double>();
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += t * direction[i];
    NaiveRun run = run_naive(point_.applied.graph, bound_, Store());
    bound_.at(name) = original;
    return run;
  }

  const DifferentiatedOp& point_;
  const std::vector<Value>& values_;
  const std::vector<Value>& weights_;
  std::map<std::string, Tensor> bound_;
};

// One direction for each element, or some random ones for all; scaled by max(1, |x|), as steps are.
std::vector<Direction> directions_for(const Tensor& operand) {
  const auto elements = static_cast<std::size_t>(operand.elements());
  const auto scale = [&](std::size_t i) { return std::max(1.0, std::abs(operand.values<double>()[i])); };
  std::vector<Direction> directions;
  if (operand.elements() <= kElementByElement) {
    for (std::size_t i = 0; i < elements; ++i) {
      directions.emplace_back(elements, 0.0)[i] = scale(i);
    }
    return directions;
  }
  for (int d = 0; d < kDirections; ++d) {
    const Tensor random = sample_values(operand.shape(), -1, 1, 900 + static_cast<std::uint64_t>(d));
    Direction& direction = directions.emplace_back(elements);
    for (std::size_t i = 0; i < elements; ++i) direction[i] = random.values<double>()[i] * scale(i);
  }
  return directions;
}

double dot(std::span<const double> x, const Direction& y) {
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) sum += x[i] * y[i];
  return sum;
}

}  // namespace

DifferentiatedOp differentiate(const Op& op, const ProofCase& point, bool second_order) {
  DifferentiatedOp result{.applied = apply_op(op, point),
                          .checked = {},
                          .out = {},
                          .out_weights = {},
                          .first = {},
                          .first_weights = {},
                          .second = {}};
  AppliedOp& applied = result.applied;
  std::vector<Value> wrt;
  for (std::size_t k = 0; k < point.inputs.size(); ++k) {
    const bool wanted = point.check.empty() || (k < point.check.size() && point.check[k]);
    if (!wanted || !is_float(point.inputs[k].dtype())) continue;
    result.checked.push_back(k);
    wrt.push_back(applied.in[k]);
  }
  for (Value out : applied.out) {
    if (!is_float(applied.graph.type(out).dtype)) continue;
    const std::size_t number = result.out.size();
    result.out.push_back(out);
    result.out_weights.push_back(add_weights(applied, out, fmt::format("out_weights{}", number), 300 + number));
  }
  result.first = gradients(applied.graph, weighted_sum(applied.graph, result.out, result.out_weights), wrt);
  if (!second_order) return result;
  for (std::size_t k = 0; k < result.first.size(); ++k) {
    result.first_weights.push_back(add_weights(applied, result.first[k], fmt::format("first_weights{}", k), 600 + k));
  }
  result.second = gradients(applied.graph, weighted_sum(applied.graph, result.first, result.first_weights), wrt);
  return result;
}

std::string difference_from_finite(const DifferentiatedOp& differentiated, const std::vector<Value>& values,
                                   const std::vector<Value>& weights, const std::vector<Value>& analytic) {
  const NaiveRun run = run_naive(differentiated.applied.graph, differentiated.applied.bound, Store());
  FiniteDifference finite(differentiated, values, weights);
  for (std::size_t c = 0; c < differentiated.checked.size(); ++c) {
    const std::size_t operand = differentiated.checked[c];
    const std::vector<Direction> directions = directions_for(run.at(differentiated.applied.in[operand]));
    std::vector<double> slopes;
    for (const Direction& direction : directions)
      slopes.push_back(dot(run.at(analytic[c]).values<double>(), direction));
    double scale = 0;
    for (double slope : slopes) scale = std::max(scale, std::abs(slope));
    for (std::size_t d = 0; d < directions.size(); ++d) {
      const double measured = finite.along(operand, directions[d]);
      const double allowed = kTolerance * std::max({std::abs(measured), std::abs(slopes[d]), 1e-3 * scale});
      if (std::abs(measured - slopes[d]) <= allowed) continue;
      return fmt::format("operand {}, direction {}: the gradient is {:.12g} and the finite difference {:.12g}", operand,
                         d, slopes[d], measured);
    }
  }
  return {};
}

}  // namespace hillock

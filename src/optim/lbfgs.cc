// The iteration of L-BFGS.
#include "optim/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "optim/line_search.h"

namespace hillock::optim {
namespace {

double dot(std::span<const double> x, std::span<const double> y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

// y += factor x
void add_times(std::span<const double> x, double factor, std::span<double> y) {
  for (std::size_t i = 0; i < x.size(); ++i) y[i] += factor * x[i];
}

bool all_finite(double value, std::span<const double> gradient) {
  return std::isfinite(value) && std::ranges::all_of(gradient, [](double g) { return std::isfinite(g); });
}

}  // namespace

std::vector<double> Lbfgs::direction() const {
  std::vector<double> d(gradient_.size());
  std::ranges::transform(gradient_, d.begin(), std::negate<>());
  std::vector<double> shares(pairs_.size());
  for (std::size_t k = pairs_.size(); k-- > 0;) {
    shares[k] = dot(pairs_[k].step, d) / pairs_[k].curvature;
    add_times(pairs_[k].change, -shares[k], d);
  }
  if (!pairs_.empty()) {
    // The initial H is scaled by the curvature along the newest step (7.20).
    const Pair& newest = pairs_.back();
    const double scale = newest.curvature / dot(newest.change, newest.change);
    for (double& value : d) value *= scale;
  }
  for (std::size_t k = 0; k < pairs_.size(); ++k) {
    const double back = dot(pairs_[k].change, d) / pairs_[k].curvature;
    add_times(pairs_[k].step, shares[k] - back, d);
  }
  return d;
}

double Lbfgs::evaluate(std::span<double> x, std::vector<double>& gradient, const Function& function) {
  ++evaluations_;
  return function(x, gradient);
}

void Lbfgs::visit(Cursor& cursor) {
  cursor.field("lbfgs.value", value_);
  cursor.field("lbfgs.known", known_);
  cursor.field("lbfgs.evaluations", evaluations_);
}

void Lbfgs::put_into(Snapshot& snapshot) const {
  const std::int64_t pairs = std::ssize(pairs_), size = std::ssize(gradient_);
  const TensorType rows{DType::f64, {pairs, size}, {}};
  Tensor steps(rows), changes(rows), curvatures(TensorType{DType::f64, {pairs}, {}});
  for (std::size_t k = 0; k < pairs_.size(); ++k) {
    std::ranges::copy(pairs_[k].step, steps.values<double>().subspan(k * gradient_.size()).begin());
    std::ranges::copy(pairs_[k].change, changes.values<double>().subspan(k * gradient_.size()).begin());
    curvatures.values<double>()[k] = pairs_[k].curvature;
  }
  snapshot.put("lbfgs.steps", steps, StateRole::slot);
  snapshot.put("lbfgs.changes", changes, StateRole::slot);
  snapshot.put("lbfgs.curvatures", curvatures, StateRole::slot);
  snapshot.put("lbfgs.gradient", Tensor::from<double>({size}, std::span<const double>(gradient_)), StateRole::slot);
}

void Lbfgs::take_from(const Snapshot& snapshot) {
  const std::int64_t pairs = snapshot.entry("lbfgs.curvatures").type.elements(), size = std::ssize(gradient_);
  const TensorType rows{DType::f64, {pairs, size}, {}};
  const auto steps = snapshot.block("lbfgs.steps", rows).values<double>();
  const auto changes = snapshot.block("lbfgs.changes", rows).values<double>();
  const auto curvatures = snapshot.block("lbfgs.curvatures", {DType::f64, {pairs}, {}}).values<double>();
  const auto gradient = snapshot.block("lbfgs.gradient", {DType::f64, {size}, {}}).values<double>();
  pairs_.clear();
  for (std::size_t k = 0; k < curvatures.size(); ++k) {
    const auto step = steps.subspan(k * gradient.size(), gradient.size());
    const auto change = changes.subspan(k * gradient.size(), gradient.size());
    pairs_.push_back({{step.begin(), step.end()}, {change.begin(), change.end()}, curvatures[k]});
  }
  gradient_.assign(gradient.begin(), gradient.end());
}

Lbfgs::End Lbfgs::step(std::span<double> x, double rate, const Function& function) {
  if (!known_) {
    value_ = evaluate(x, gradient_, function);
    if (!all_finite(value_, gradient_)) return End::not_finite;
    known_ = true;
  }
  if (move(x, direction(), rate, function)) return End::moved;
  if (pairs_.empty()) return End::converged;
  pairs_.clear();  // the pairs no longer describe the curvature, so tries once more along the gradient
  return move(x, direction(), rate, function) ? End::moved : End::converged;
}

bool Lbfgs::move(std::span<double> x, const std::vector<double>& along, double rate, const Function& function) {
  const std::vector<double> before(x.begin(), x.end());
  const LinePoint start{0, value_, dot(gradient_, along)};
  if (!(start.slope < 0)) return false;
  std::vector<double> gradient(x.size());
  double last = -1;
  const Line line = [&](double length) {
    last = length;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = before[i] + length * along[i];
    const double value = evaluate(x, gradient, function);
    return LinePoint{length, value, dot(gradient, along)};
  };
  const double first = pairs_.empty() ? rate * std::min(1.0, 1 / std::sqrt(-start.slope)) : rate;
  LinePoint end = search_line(start, first, options_, line);
  if (last != end.length) end = line(end.length);
  // A gradient with an infinite element may still have a finite slope.
  if (end.length > 0 && !all_finite(end.value, gradient)) end = line(0);
  if (end.length == 0 || std::ranges::equal(before, x)) return false;
  remember(before, x, gradient);
  value_ = end.value;
  gradient_ = std::move(gradient);
  return true;
}

void Lbfgs::remember(std::span<const double> before, std::span<const double> x, const std::vector<double>& gradient) {
  Pair pair{std::vector<double>(x.begin(), x.end()), gradient, 0};
  add_times(before, -1, pair.step);
  add_times(gradient_, -1, pair.change);
  pair.curvature = dot(pair.step, pair.change);
  // Without positive curvature H would not stay positive definite. The line search ensures it, unless rounding hides
  // it.
  if (!(pair.curvature > std::numeric_limits<double>::epsilon() * dot(pair.change, pair.change))) return;
  if (pairs_.size() == static_cast<std::size_t>(options_.history)) pairs_.pop_front();
  pairs_.push_back(std::move(pair));
}

}  // namespace hillock::optim

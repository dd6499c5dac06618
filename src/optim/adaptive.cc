// Adagrad, RMSProp, Nadam; and L-BFGS as an entry of the menu (the method itself is in lbfgs.cc).
#include <cmath>

#include "core/math.h"
#include "hillock/ops.h"
#include "hillock/optim.h"
#include "optim/optimizer_parts.h"

namespace hillock {

using optim::require;
using optim::running_mean;

namespace {

// mu_t of Nadam and the product of mu_1 … mu_t. Steps usually come in ascending order, so the product is kept.
class NadamMomentum {
 public:
  NadamMomentum(double beta1, double decay) : beta1_(beta1), decay_(decay) {}

  double at(std::int64_t step) const {
    return beta1_ * (1 - 0.5 * math::power(0.96, static_cast<double>(step) * decay_));
  }
  double product(std::int64_t step) {
    if (step < step_) {
      step_ = 0;
      product_ = 1;
    }
    while (step_ < step) product_ *= at(++step_);
    return product_;
  }

 private:
  double beta1_, decay_;
  std::int64_t step_ = 0;
  double product_ = 1;
};

// g rate / (1 + (t - 1) decay).
double decayed(double rate, std::int64_t step, double decay) {
  return rate / (1 + static_cast<double>(step - 1) * decay);
}

}  // namespace

Optimizer adagrad(AdagradOptions options) {
  require(options.rate_decay >= 0, "rate decay", options.rate_decay, "at least 0");
  require(options.initial >= 0, "the first sum", options.initial, "at least 0");
  require(options.epsilon >= 0, "epsilon", options.epsilon, "at least 0");
  require(options.weight_decay >= 0, "weight decay", options.weight_decay, "at least 0");
  Optimizer optimizer{.name = "adagrad",
                      .slots = {"adagrad.sum"},
                      .step_numbers = {},
                      .update = {},
                      .weight_decay = options.weight_decay,
                      .number_kinds = {NumberKind::rate}};
  optimizer.step_numbers = [options](std::int64_t step, double rate, std::span<double> numbers) {
    numbers[0] = decayed(rate, step, options.rate_decay);
  };
  // A slot starts at 0, so the initial sum is added where it is used.
  optimizer.update = [options](Graph& graph, Value parameters, Value gradient, std::span<const Value> slots,
                               std::span<const Value> numbers) {
    const Value total = ops::add(graph, slots[0], ops::multiply(graph, gradient, gradient));
    const Value sum = options.initial == 0 ? total : ops::add(graph, total, options.initial);
    const Value deviation = ops::add(graph, ops::sqrt(graph, sum), options.epsilon);
    const Value step = ops::divide(graph, ops::multiply(graph, gradient, numbers[0]), deviation);
    return Update{.parameters = ops::subtract(graph, parameters, step), .slots = {total}};
  };
  return optimizer;
}

Optimizer rmsprop(RmspropOptions options) {
  require(options.alpha >= 0 && options.alpha < 1, "alpha", options.alpha, "at least 0 and below 1");
  require(options.epsilon >= 0, "epsilon", options.epsilon, "at least 0");
  require(options.momentum >= 0 && options.momentum < 1, "momentum", options.momentum, "at least 0 and below 1");
  require(options.weight_decay >= 0, "weight decay", options.weight_decay, "at least 0");
  Optimizer optimizer{.name = "rmsprop",
                      .slots = {"rmsprop.v"},
                      .step_numbers = {},
                      .update = {},
                      .weight_decay = options.weight_decay,
                      .number_kinds = {NumberKind::rate}};
  if (options.centered) optimizer.slots.push_back("rmsprop.m");
  if (options.momentum > 0) optimizer.slots.push_back("rmsprop.momentum");
  optimizer.step_numbers = [](std::int64_t, double rate, std::span<double> numbers) { numbers[0] = rate; };
  optimizer.update = [options](Graph& graph, Value parameters, Value gradient, std::span<const Value> slots,
                               std::span<const Value> numbers) {
    const Value squares = running_mean(graph, slots[0], ops::multiply(graph, gradient, gradient), options.alpha);
    Update update{.parameters = {}, .slots = {squares}};
    Value spread = squares;
    if (options.centered) {
      const Value mean = running_mean(graph, slots[1], gradient, options.alpha);
      spread =
          // rounding must not make it negative
          ops::relu(graph, ops::subtract(graph, squares, ops::multiply(graph, mean, mean)));
      update.slots.push_back(mean);
    }
    Value direction = ops::divide(graph, gradient, ops::add(graph, ops::sqrt(graph, spread), options.epsilon));
    if (options.momentum > 0) {
      direction = ops::add(graph, ops::multiply(graph, slots[update.slots.size()], options.momentum), direction);
      update.slots.push_back(direction);
    }
    update.parameters = ops::subtract(graph, parameters, ops::multiply(graph, direction, numbers[0]));
    return update;
  };
  return optimizer;
}

Optimizer nadam(NadamOptions options) {
  require(options.beta1 >= 0 && options.beta1 < 1, "beta1", options.beta1, "at least 0 and below 1");
  require(options.beta2 >= 0 && options.beta2 < 1, "beta2", options.beta2, "at least 0 and below 1");
  require(options.epsilon >= 0, "epsilon", options.epsilon, "at least 0");
  require(options.momentum_decay >= 0, "momentum decay", options.momentum_decay, "at least 0");
  require(options.weight_decay >= 0, "weight decay", options.weight_decay, "at least 0");
  Optimizer optimizer{.name = "nadam",
                      .slots = {"nadam.m", "nadam.v"},
                      .numbers = 3,
                      .step_numbers = {},
                      .update = {},
                      .weight_decay = options.weight_decay,
                      .number_kinds = {NumberKind::rate, NumberKind::rate, NumberKind::same}};
  // The factors of the gradient and of its mean, and 1 / sqrt(1 - beta2^t).
  optimizer.step_numbers = [options, momentum = NadamMomentum(options.beta1, options.momentum_decay)](
                               std::int64_t step, double rate, std::span<double> numbers) mutable {
    const double now = momentum.at(step), next = momentum.at(step + 1), product = momentum.product(step);
    numbers[0] = rate * (1 - now) / (1 - product);
    numbers[1] = rate * next / (1 - product * next);
    numbers[2] = 1 / std::sqrt(1 - math::power(options.beta2, static_cast<double>(step)));
  };
  optimizer.update = [options](Graph& graph, Value parameters, Value gradient, std::span<const Value> slots,
                               std::span<const Value> numbers) {
    const Value first = running_mean(graph, slots[0], gradient, options.beta1);
    const Value second = running_mean(graph, slots[1], ops::multiply(graph, gradient, gradient), options.beta2);
    const Value ahead = ops::multiply(graph, first, numbers[1]);
    const Value direction = ops::add(graph, ops::multiply(graph, gradient, numbers[0]), ahead);
    const Value deviation =
        ops::add(graph, ops::multiply(graph, ops::sqrt(graph, second), numbers[2]), options.epsilon);
    const Value step = ops::divide(graph, direction, deviation);
    return Update{.parameters = ops::subtract(graph, parameters, step), .slots = {first, second}};
  };
  return optimizer;
}

Optimizer lbfgs(LbfgsOptions options) {
  require(options.history >= 1, "history", options.history, "at least 1");
  require(options.weight_decay >= 0, "weight decay", options.weight_decay, "at least 0");
  require(options.decrease > 0 && options.decrease < 0.5, "decrease", options.decrease, "above 0 and below 0.5");
  require(options.curvature > options.decrease && options.curvature < 1, "curvature", options.curvature,
          "above the decrease and below 1");
  require(options.most_evaluations >= 1, "the most evaluations", options.most_evaluations, "at least 1");
  Optimizer optimizer{.name = "lbfgs", .slots = {}, .step_numbers = {}, .update = {}, .lbfgs = options};
  optimizer.step_numbers = [](std::int64_t, double rate, std::span<double> numbers) { numbers[0] = rate; };
  return optimizer;
}

}  // namespace hillock

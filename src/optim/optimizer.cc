// SGD, momentum, Nesterov, Adam, AdamW, clipping.
#include <fmt/format.h>

#include <cmath>

#include "core/math.h"
#include "hillock/error.h"
#include "hillock/ops.h"
#include "hillock/optim.h"
#include "optim/optimizer_parts.h"

namespace hillock {

using optim::require;

Optimizer sgd(SgdOptions options) {
  require(options.momentum >= 0 && options.momentum < 1, "momentum", options.momentum, "at least 0 and below 1");
  require(options.weight_decay >= 0, "weight decay", options.weight_decay, "at least 0");
  if (options.nesterov && options.momentum == 0) throw Error("optimizer: Nesterov's method needs a momentum above 0");
  Optimizer optimizer{.name = options.nesterov       ? "nesterov"
                              : options.momentum > 0 ? "momentum"
                                                     : "sgd",
                      .slots = {},
                      .step_numbers = {},
                      .update = {}};
  if (options.momentum > 0) optimizer.slots = {"momentum"};
  optimizer.weight_decay = options.weight_decay;
  optimizer.number_kinds = {NumberKind::rate};
  optimizer.step_numbers = [](std::int64_t, double rate, std::span<double> numbers) { numbers[0] = rate; };
  optimizer.update = [options](Graph& graph, Value parameters, Value gradient, std::span<const Value> slots,
                               std::span<const Value> numbers) {
    const Value rate = numbers[0];
    Update update;
    Value direction = gradient;
    if (options.momentum > 0) {
      const Value velocity = ops::add(graph, ops::multiply(graph, slots[0], options.momentum), gradient);
      update.slots = {velocity};
      direction =
          options.nesterov ? ops::add(graph, gradient, ops::multiply(graph, velocity, options.momentum)) : velocity;
    }
    update.parameters = ops::subtract(graph, parameters, ops::multiply(graph, direction, rate));
    return update;
  };
  return optimizer;
}

Optimizer adam(AdamOptions options) {
  require(options.beta1 >= 0 && options.beta1 < 1, "beta1", options.beta1, "at least 0 and below 1");
  require(options.beta2 >= 0 && options.beta2 < 1, "beta2", options.beta2, "at least 0 and below 1");
  require(options.epsilon >= 0, "epsilon", options.epsilon, "at least 0");
  require(options.weight_decay >= 0, "weight decay", options.weight_decay, "at least 0");
  Optimizer optimizer{.name = options.decoupled ? "adamw" : "adam",
                      .slots = {"adam.m", "adam.v"},
                      .numbers = 3,
                      .step_numbers = {},
                      .update = {}};
  if (!options.decoupled) optimizer.weight_decay = options.weight_decay;
  optimizer.number_kinds = {NumberKind::rate, NumberKind::same, NumberKind::kept};
  // rate / (1 - beta1^t), 1 / sqrt(1 - beta2^t) and, for decoupled decay, 1 - rate * decay.
  optimizer.step_numbers = [options](std::int64_t step, double rate, std::span<double> numbers) {
    const double t = static_cast<double>(step);
    numbers[0] = rate / (1 - math::power(options.beta1, t));
    numbers[1] = 1 / std::sqrt(1 - math::power(options.beta2, t));
    numbers[2] = 1 - rate * options.weight_decay;
  };
  optimizer.update = [options](Graph& graph, Value parameters, Value gradient, std::span<const Value> slots,
                               std::span<const Value> numbers) {
    const Value first = ops::add(graph, ops::multiply(graph, slots[0], options.beta1),
                                 ops::multiply(graph, gradient, 1 - options.beta1));
    const Value squared = ops::multiply(graph, gradient, gradient);
    const Value second = ops::add(graph, ops::multiply(graph, slots[1], options.beta2),
                                  ops::multiply(graph, squared, 1 - options.beta2));
    const Value deviation =
        ops::add(graph, ops::multiply(graph, ops::sqrt(graph, second), numbers[1]), options.epsilon);
    const Value step = ops::divide(graph, ops::multiply(graph, first, numbers[0]), deviation);
    if (options.decoupled && options.weight_decay > 0) parameters = ops::multiply(graph, parameters, numbers[2]);
    return Update{.parameters = ops::subtract(graph, parameters, step), .slots = {first, second}};
  };
  return optimizer;
}

Value clip_by_global_norm(Graph& graph, Value gradient, double max_norm) {
  require(max_norm > 0, "the clipping norm", max_norm, "above 0");
  const DType dtype = graph.type(gradient).dtype;
  const Value norm = ops::sqrt(graph, ops::sum(graph, ops::multiply(graph, gradient, gradient)));
  const Value limit = ops::constant(graph, dtype, {}, max_norm);
  const Value factor =
      ops::minimum(graph, ops::divide(graph, limit, ops::add(graph, norm, 1e-6)), ops::constant(graph, dtype, {}, 1));
  return ops::multiply(graph, gradient, factor);
}

}  // namespace hillock

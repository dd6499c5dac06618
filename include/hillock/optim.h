// Optimizers and learning-rate schedules. An optimizer describes one update over the contiguous parameter block;
// numbers that change from step to step reach it as scalars fed by the host.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/graph.h"
#include "hillock/nn.h"

namespace hillock {

struct Update {
  Value parameters;
  std::vector<Value> slots;
};

struct Optimizer {
  std::string name;
  std::vector<std::string> slots;  // state kept for each parameter element, zero at the start: "momentum"
  std::size_t numbers = 1;         // how many scalars step_numbers gives
  // The scalars of step `step` (the first is 1) at learning rate `rate`.
  std::function<void(std::int64_t step, double rate, std::span<double> numbers)> step_numbers;
  // Adds the update to the graph. `parameters`, `gradient` and each slot are [elements]; each number is a scalar.
  std::function<Update(Graph& graph, Value parameters, Value gradient, std::span<const Value> slots,
                       std::span<const Value> numbers)>
      update;
};

// p <- p - rate (g + weight_decay p); with momentum: v <- momentum v + g, p <- p - rate v; Nesterov: p <- p - rate
// (g + momentum v). The form of Sutskever et al. 2013 as PyTorch has it.
struct SgdOptions {
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;  // L2: added to the gradient
};
Optimizer sgd(SgdOptions options = {});

// Adam (Kingma & Ba 2015). `decoupled`: p <- p - rate weight_decay p instead of adding to the gradient (AdamW,
// Loshchilov & Hutter 2019).
struct AdamOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = false;
};
Optimizer adam(AdamOptions options = {});

// What the command line knows: sgd, momentum, nesterov, adam, adamw.
struct NamedOptimizerOptions {
  double momentum = 0.9;
  double weight_decay = 0;
};
std::vector<nn::NameAndSummary> optimizers();
Optimizer optimizer_from_name(std::string_view name, NamedOptimizerOptions options = {});  // throws Error if unknown

// `gradient` scaled so that its Euclidean norm is at most `max_norm` (Pascanu et al. 2013): times min(1, max_norm /
// (norm + 1e-6)), as PyTorch has it.
Value clip_by_global_norm(Graph& graph, Value gradient, double max_norm);

// The learning rate by step. `total` is the number of steps of the whole run.
struct Schedule {
  enum class Kind : std::uint8_t { constant, step, cosine };
  Kind kind = Kind::constant;
  double warmup = 0;            // fraction of the run in which the rate rises linearly from 0
  double step_every = 1 / 3.0;  // step: multiply by step_factor each time this fraction of the run has passed
  double step_factor = 0.1;
  double final_fraction = 0;  // cosine: the rate at the end, as a fraction of the base rate

  // The factor for step `step` (the first is 1) of `total`.
  double factor(std::int64_t step, std::int64_t total) const;
};
std::vector<nn::NameAndSummary> schedules();
Schedule schedule_from_name(std::string_view name);  // throws Error if unknown

}  // namespace hillock

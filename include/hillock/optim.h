// Optimizers and learning-rate schedules. An optimizer describes one update of the contiguous block of parameters as
// graph nodes; numbers that change from step to step, such as the rate, are scalars that the host feeds.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hillock/graph.h"
#include "hillock/menu.h"

namespace hillock {

// The values that replace the parameters and the slots at the end of a training step.
struct Update {
  Value parameters;
  std::vector<Value> slots;
};

// L-BFGS (Liu & Nocedal 1989) with a line search for the strong Wolfe conditions (Nocedal & Wright 2006, algorithms 3.5
// and 3.6).
struct LbfgsOptions {
  int history = 10;           // how many pairs of step and gradient change are kept
  double weight_decay = 0;    // lambda: ½ lambda |p|² is added to the loss
  double decrease = 1e-4;     // c1 of the sufficient decrease condition
  double curvature = 0.9;     // c2 of the curvature condition
  int most_evaluations = 25;  // the most evaluations of the loss in one line search
};

// How one of an optimizer's numbers changes with the factors of a parameter group (nn::ParameterGroup).
enum class NumberKind : std::uint8_t {
  same,  // not at all
  rate,  // it is proportional to the rate
  kept,  // it is 1 - rate * decay, the share of a parameter that decoupled weight decay keeps. If there are groups, the
         // host feeds -rate * decay, which has more significant digits; `update` receives the share in any case.
};

// An optimizer, as data. Make one with the functions below, or fill in your own.
struct Optimizer {
  std::string name;
  std::vector<std::string> slots;  // the state kept for each parameter element, initially zero: "momentum"
  std::size_t numbers = 1;         // the number of scalars that step_numbers sets
  // Sets the scalars for training step `step` (the first is 1) at learning rate `rate`.
  std::function<void(std::int64_t step, double rate, std::span<double> numbers)> step_numbers;
  // Adds the update to the graph. `parameters`, `gradient` and each slot are [elements]. Each number is a scalar or, if
  // the network has parameter groups with different factors, [elements].
  std::function<Update(Graph& graph, Value parameters, Value gradient, std::span<const Value> slots,
                       std::span<const Value> numbers)>
      update;
  // Set for L-BFGS, which the trainer runs on the host, because it evaluates the loss of all rows several times in each
  // step. `update` is then empty, and a TrainingStep only computes the loss and the gradient.
  std::optional<LbfgsOptions> lbfgs{};
  // L2 regularization: weight_decay times the parameters is added to the gradient before `update` receives it.
  double weight_decay = 0;
  // The kind of each number. Empty: the optimizer does not support parameter groups, and networks with groups are
  // refused.
  std::vector<NumberKind> number_kinds{};

  // Whether each step uses all rows in order, with a deterministic loss (no dropout), and determines its own length (no
  // clipping).
  bool full_batch() const { return lbfgs.has_value(); }
};

// p <- p - rate (g + weight_decay p); with momentum: v <- momentum v + g, p <- p - rate v; Nesterov: p <- p - rate
// (g + momentum v). Sutskever et al. 2013, in the form of PyTorch.
struct SgdOptions {
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;  // L2: added to the gradient
};
Optimizer sgd(SgdOptions options = {});

// Adam (Kingma & Ba 2015). With `decoupled`, p <- p - rate weight_decay p replaces the addition to the gradient (AdamW,
// Loshchilov & Hutter 2019).
struct AdamOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  bool decoupled = false;
};
Optimizer adam(AdamOptions options = {});

// s <- s + g², p <- p - rate / (1 + (t - 1) rate_decay) g / (√s + epsilon), with s = initial before the first step
// (Duchi et al. 2011, in the form of PyTorch).
struct AdagradOptions {
  double rate_decay = 0;
  double initial = 0;
  double epsilon = 1e-10;
  double weight_decay = 0;  // L2
};
Optimizer adagrad(AdagradOptions options = {});

// v <- alpha v + (1 - alpha) g², p <- p - rate g / (√v + epsilon) (Tieleman & Hinton 2012, in the form of PyTorch).
// Centered: √(v - m²) in place of √v, with m <- alpha m + (1 - alpha) g (Graves 2013). Momentum: b <- momentum b + g /
// (…), p <- p - rate b.
struct RmspropOptions {
  double alpha = 0.99;
  double epsilon = 1e-8;
  double momentum = 0;
  bool centered = false;
  double weight_decay = 0;  // L2
};
Optimizer rmsprop(RmspropOptions options = {});

// Adam with Nesterov momentum (Dozat 2016): with mu_t = beta1 (1 - ½ 0.96^(t momentum_decay)) and M_t the product of
// mu_1 … mu_t, p <- p - rate ((1 - mu_t) g / (1 - M_t) + mu_{t+1} m / (1 - M_{t+1})) / (√v̂ + epsilon). In the form of
// PyTorch; in Keras, momentum_decay is 1.
struct NadamOptions {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double momentum_decay = 4e-3;
  double weight_decay = 0;  // L2
};
Optimizer nadam(NadamOptions options = {});

// L-BFGS; see LbfgsOptions. The rate is the first step length that a line search tries and should normally be 1.
Optimizer lbfgs(LbfgsOptions options = {});

// The options of optimizers that are chosen by name.
struct NamedOptimizerOptions {
  double momentum = 0.9;
  double weight_decay = 0;
};
// An optimizer that can be chosen by name, with every fact that the trainer, the program and traces need about it.
struct OptimizerInfo {
  std::string_view name;
  std::string_view summary;
  Optimizer (*make)(const NamedOptimizerOptions& options) = nullptr;
  double rate = 0;              // a rate that usually works; 0: the recipe's rate for Adam, which depends on the data
  bool takes_momentum = false;  // NamedOptimizerOptions::momentum
  bool full_batch = false;      // Optimizer::full_batch
  // The update as a formula, and the letters of the slots in it, in the order of Optimizer::slots. η is the rate, λ the
  // weight decay, μ the momentum; `by` is the text for ∂E/∂w. nullptr: there is no formula.
  std::span<const std::string_view> slot_letters{};
  std::string (*formula)(std::string_view by, bool decay) = nullptr;
  std::string_view formula_numbers = "";  // the constants in the formula: "β₁ = 0.9, β₂ = 0.999, ε = 1e-8"
  bool counts_steps = false;              // whether the formula contains t, the number of the training step
};
// Every optimizer, in the order in which help lists them: sgd, momentum, nesterov, adam, adamw, nadam, adagrad,
// rmsprop, lbfgs.
std::span<const OptimizerInfo> optimizer_infos();
const OptimizerInfo& optimizer_info(std::string_view name);  // throws Error, suggesting the nearest name, if unknown
std::vector<nn::NameAndSummary> optimizers();
Optimizer optimizer_from_name(std::string_view name, NamedOptimizerOptions options = {});  // throws Error if unknown

// `gradient` scaled so that its Euclidean norm is at most `max_norm` (Pascanu et al. 2013): multiplied by min(1,
// max_norm / (norm + 1e-6)), as in PyTorch.
Value clip_by_global_norm(Graph& graph, Value gradient, double max_norm);

// A learning-rate schedule: the factor by which the base rate is multiplied at each training step.
struct Schedule {
  enum class Kind : std::uint8_t { constant, step, cosine, exponential, one_cycle, on_plateau };
  Kind kind = Kind::constant;
  double warmup = 0;            // the fraction of the run in which the rate rises linearly from 0; not for one_cycle
  double step_every = 1 / 3.0;  // step: multiply by step_factor after each such fraction of the run
  double step_factor = 0.1;
  double final_fraction = 0;      // cosine: the last factor
  double exponential_end = 0.01;  // exponential: the last factor; the rate falls by the same ratio at each step
  // one_cycle (Smith & Topin 2017): rises from 1 / cycle_start to 1 along a half cosine during the fraction cycle_rise
  // of the run, then falls to 1 / (cycle_start cycle_end), as PyTorch's OneCycleLR.
  double cycle_rise = 0.3, cycle_start = 25, cycle_end = 1e4;
  // on_plateau: multiply by plateau_factor after more than plateau_patience epochs in which the loss did not fall below
  // its lowest value by at least the fraction plateau_threshold (class Plateau).
  double plateau_factor = 0.1;
  std::int64_t plateau_patience = 10;
  double plateau_threshold = 1e-4;

  // The factor for training step `step` (the first is 1) of a run of `total` steps. For on_plateau, the warm-up only.
  double factor(std::int64_t step, std::int64_t total) const;
};
// The factor of Schedule::Kind::on_plateau after each epoch, as PyTorch's ReduceLROnPlateau.
class Plateau {
 public:
  explicit Plateau(const Schedule& schedule) : schedule_(schedule) {}
  // `loss` is that of the epoch that has ended; NaN counts as no improvement.
  void observe(double loss);
  double factor() const { return state_.factor; }

  // Everything that later factors depend on.
  struct State {
    double best = std::numeric_limits<double>::infinity();
    double factor = 1;
    std::int64_t epochs_without = 0;
  };
  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  Schedule schedule_;
  State state_;
};

std::vector<nn::NameAndSummary> schedules();
// Parses "cosine", "exponential 0.001", "on-plateau 0.5 5". Throws Error if the name is unknown or the text malformed.
Schedule schedule_from_name(std::string_view text);

}  // namespace hillock
